using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Holds what an episode keeps of an anomaly.</summary>
/// <param name="Origin">Where the record came from.</param>
/// <param name="Seconds">Event time, seconds since 1970-01-01 UTC.</param>
/// <param name="AlertId">Id of its alert.</param>
/// <param name="ModelVersion">Version that scored it.</param>
/// <param name="Ratio">Score over threshold.</param>
/// <param name="Severity">Grade.</param>
internal readonly record struct EpisodeMember(RecordOrigin Origin, double Seconds, string AlertId, string ModelVersion, double Ratio, Severity Severity);
