using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Training;

/// <summary>Says what a version was learned from.</summary>
/// <param name="Records">Number of records.</param>
/// <param name="From">The oldest event time, null where none is known.</param>
/// <param name="To">The newest event time, null where none is known.</param>
public sealed record LearnedWindow(int Records, DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>Looks at a window.</summary>
    /// <param name="window">Records learned from.</param>
    public static LearnedWindow Of(RecordBatch window)
    {
        var (from, to) = EventTimes.Range(window);
        return new LearnedWindow(window.Count, from, to);
    }
}
