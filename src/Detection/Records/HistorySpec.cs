namespace AEAnomaly.Detection.Records;

/// <summary>Says what is remembered of every key, and which features it gives.</summary>
/// <param name="Key">Index of the field whose values are the keys.</param>
/// <param name="Clock">Index of the field that tells when a record happened; -1 for the broker's time.</param>
/// <param name="HalfLives">Half-lives of counts and sums, ascending.</param>
/// <param name="UsualHalfLife">Half-life of what is usual: means, deviations and shares.</param>
/// <param name="MemoryBytes">Memory for all keys.</param>
/// <param name="Features">Derived fields, each with its <see cref="FieldSpec.History"/>.</param>
public sealed record HistorySpec(int Key, int Clock, IReadOnlyList<TimeSpan> HalfLives, TimeSpan UsualHalfLife, long MemoryBytes, IReadOnlyList<FieldSpec> Features)
{
    /// <summary>Gets the longest half-life: about what has to be read before the history of a key is what it would be.</summary>
    public TimeSpan Longest => HalfLives.Append(UsualHalfLife).Max();
}
