using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Holds what an alert tells of one record.</summary>
internal sealed record Anomaly(
    string Id,
    RecordBatch Batch,
    int Row,
    ModelManifest Model,
    AnomalyGrade Grade,
    RecordExplanation Explanation,
    AlertSubject Subject,
    EpisodePosition Position);
