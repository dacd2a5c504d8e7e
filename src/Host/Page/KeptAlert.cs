using AEAnomaly.Detection.Alerts;

namespace AEAnomaly.Host.Page;

/// <summary>Holds an alert that the page can show.</summary>
/// <param name="Sequence">Its number among all alerts since the start, from 1.</param>
/// <param name="Severity">Grade.</param>
/// <param name="Body">The alert as it goes to its topic: one JSON object, masked as its fields say.</param>
internal sealed record KeptAlert(long Sequence, Severity Severity, ReadOnlyMemory<byte> Body);
