using System.Globalization;
using AEAnomaly.Detection.History;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Says when records of one key come in several partitions: their order is not known then, and after a rebalance their history is torn apart. Fed by one thread, read by any.</summary>
/// <param name="context">Detector.</param>
/// <param name="history">What is remembered.</param>
internal sealed class ScatterWatch(DetectorContext context, KeyHistory history)
{
    // Long enough for someone to look; a line of the log for each.
    private static readonly TimeSpan SaidFor = TimeSpan.FromHours(1);

    private long _known;
    private long _saidAt;
    private volatile string? _notice;

    /// <summary>Gets what to do about it; null where nothing came so for an hour.</summary>
    public string? Notice => _notice;

    /// <summary>Looks, between two batches.</summary>
    public void Look()
    {
        var isOver = _notice is not null && context.Time.GetElapsedTime(_saidAt) >= SaidFor;
        if (history.Scattered == _known)
        {
            if (isOver)
                _notice = null;
            return;
        }

        _known = history.Scattered;
        if (_notice is not null && !isOver)
            return;
        var (before, now) = history.LastScattered!.Value;
        var key = context.Spec.Fields[context.Spec.History!.Key].Name;
        _saidAt = context.Time.GetTimestamp();
        _notice = string.Create(
            CultureInfo.InvariantCulture,
            $"records of one {key} come in several partitions, say {before.Topic}/{before.Partition} and {now.Topic}/{now.Partition}: their history is not exact; produce with {key} as the message key, or set history.repartition");
        DetectorLog.KeysScattered(context.Logger, context.Name, _notice);
    }
}
