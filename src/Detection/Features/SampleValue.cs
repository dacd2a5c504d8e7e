namespace AEAnomaly.Detection.Features;

/// <summary>Holds one value of a sample.</summary>
/// <param name="Kind">How it was written.</param>
/// <param name="Text">Its text; empty when missing.</param>
public readonly record struct SampleValue(SampleValueKind Kind, string Text);
