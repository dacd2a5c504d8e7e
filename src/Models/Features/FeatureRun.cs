namespace AEAnomaly.Models.Features;

/// <summary>Names adjacent features of one field group.</summary>
/// <param name="IsFirst">Whether they belong to the first group.</param>
/// <param name="Start">Index of the first feature in the row.</param>
/// <param name="GroupStart">Its index among the features of the group.</param>
/// <param name="Width">Number of features.</param>
internal readonly record struct FeatureRun(bool IsFirst, int Start, int GroupStart, int Width);
