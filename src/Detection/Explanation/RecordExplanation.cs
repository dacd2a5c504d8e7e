namespace AEAnomaly.Detection.Explanation;

/// <summary>Says why a record scored as it did.</summary>
/// <param name="Score">Score, bit-identical to the scorer's.</param>
/// <param name="Features">The largest contributions first; missing fields come last, with share 0. Shares of all fields sum to 1, so those listed sum to at most 1.</param>
/// <param name="Leading">Names of the fewest fields that together hold half of the score, in ordinal order.</param>
/// <param name="MissingFields">Names of the feature fields that the record lacks.</param>
/// <param name="Sentence">The same in one plain sentence.</param>
public sealed record RecordExplanation(
    float Score,
    IReadOnlyList<FeatureContribution> Features,
    IReadOnlyList<string> Leading,
    IReadOnlyList<string> MissingFields,
    string Sentence);
