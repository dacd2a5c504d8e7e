using System.Globalization;
using AEAnomaly.Detection.History;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>
/// Says what is wrong with the records that come, where what is remembered of their keys is not exact for it. Records of one key in several partitions: their order is not known, and after a rebalance
/// their history is torn apart. Records dated ahead: their own time does not count. Fed by one thread, read by any.
/// </summary>
/// <param name="context">Detector.</param>
/// <param name="history">What is remembered.</param>
internal sealed class HistoryWatch(DetectorContext context, KeyHistory history)
{
    // Long enough for someone to look; a line of the log for each.
    private static readonly TimeSpan SaidFor = TimeSpan.FromHours(1);

    private readonly Finding _scattered = new(context.Time);
    private readonly Finding _ahead = new(context.Time);

    /// <summary>Gets what to do about it; null where nothing came so for an hour.</summary>
    public string? Notice => _scattered.Text is { } scattered && _ahead.Text is { } ahead ? $"{scattered}; {ahead}" : _scattered.Text ?? _ahead.Text;

    /// <summary>Looks, between two batches.</summary>
    public void Look()
    {
        if (_scattered.Look(history.Scattered, DescribeScattered) is { } scattered)
            DetectorLog.KeysScattered(context.Logger, context.Name, scattered);
        if (_ahead.Look(history.Ahead, DescribeAhead) is { } ahead)
            DetectorLog.DatedAhead(context.Logger, context.Name, ahead);
    }

    private string DescribeScattered()
    {
        var (before, now) = history.LastScattered!.Value;
        var key = context.Spec.Fields[context.Spec.History!.Key].Name;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"records of one {key} come in several partitions, say {before.Topic}/{before.Partition} and {now.Topic}/{now.Partition}: their history is not exact; produce with {key} as the message key, or set history.repartition");
    }

    private string DescribeAhead()
    {
        var (topic, partition, offset, by) = history.LastAhead!.Value;
        var clock = context.Spec.Fields[context.Spec.History!.Clock].Name;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"records are dated ahead by their field {clock}, say offset {offset} of {topic}/{partition} by {by.TotalHours:0.#} h: for what is remembered they count at the broker's time; correct the clock or the time zone of who writes them, or name another field as history.clock");
    }

    /// <summary>What is said of a count that grows: for an hour, and again after it.</summary>
    private sealed class Finding(TimeProvider time)
    {
        private long _known;
        private long _saidAt;
        private volatile string? _text;

        public string? Text => _text;

        /// <returns>What is to be said now; null where nothing is, or it was said within the hour.</returns>
        public string? Look(long count, Func<string> describe)
        {
            var isOver = _text is not null && time.GetElapsedTime(_saidAt) >= SaidFor;
            if (count == _known)
            {
                if (isOver)
                    _text = null;
                return null;
            }

            _known = count;
            if (_text is not null && !isOver)
                return null;
            _saidAt = time.GetTimestamp();
            return _text = describe();
        }
    }
}
