namespace AEAnomaly.Detection.Streaming;

/// <summary>Says how one record was judged.</summary>
/// <param name="Verdict">"normal", "anomaly", "warming" (the window of its key was not full yet) or "unjudged" (it had none of the features).</param>
/// <param name="Score">Score; null where the record was not judged.</param>
/// <param name="Ratio">Score over threshold; null where the record was not judged.</param>
/// <param name="ModelVersion">Version that scored it.</param>
public readonly record struct RecordScore(string Verdict, double? Score, double? Ratio, string ModelVersion)
{
    /// <summary>The verdict on a record with a ratio of at most 1.</summary>
    public const string Normal = "normal";

    /// <summary>The verdict on a record with a ratio above 1.</summary>
    public const string Anomaly = "anomaly";

    /// <summary>The verdict on a record whose window was not full yet.</summary>
    public const string Warming = "warming";

    /// <summary>The verdict on a record that had none of the features.</summary>
    public const string Unjudged = "unjudged";
}
