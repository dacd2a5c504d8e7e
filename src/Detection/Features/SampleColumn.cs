namespace AEAnomaly.Detection.Features;

/// <summary>Holds the sampled values of one field.</summary>
/// <param name="Path">Dotted path, or column name.</param>
/// <param name="Values">One value for each sampled record, in order.</param>
public sealed record SampleColumn(string Path, IReadOnlyList<SampleValue> Values);
