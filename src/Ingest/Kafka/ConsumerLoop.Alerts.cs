namespace AEAnomaly.Ingest.Kafka;

// What was published before a partition is read: the processor goes on with the episodes that another process, or this one before a restart, had opened.
internal sealed unsafe partial class ConsumerLoop
{
    // More tell of so many episodes that they do not end before they are forgotten.
    private const int MostPastAlerts = 20_000;

    // An answer "none since then" is checked against this many of the newest: the embedded cluster always answers so.
    private const int AlertsInDoubt = 100;

    private readonly HashSet<(string Topic, int Partition)> _toRecall = [];

    private void RecallAlerts()
    {
        if (_toRecall.Count == 0)
            return;
        var partitions = _toRecall.ToHashSet();
        _toRecall.Clear();
        if (_processor.PastAlerts <= TimeSpan.Zero)
            return;
        using var bound = new CancellationTokenSource(2 * _options.RequestTimeout, _time);
        try
        {
            using var reader = new RangeReader(_options, _time, _logger);
            var recalled = 0;
            reader.Read(
                FindPastAlerts(reader, bound.Token),
                (payload, isTombstone, in _) =>
                {
                    if (isTombstone)
                        return true;
                    _processor.RecallAlert(payload.ToArray(), partitions);
                    recalled++;
                    return true;
                },
                bound.Token);
            Log.AlertsRecalled(_logger, _route.Name, recalled, _route.AlertTopic);
        }
        catch (Exception exception) when (exception is TopicUnavailableException or OperationCanceledException)
        {
            Log.AlertsNotRecalled(_logger, _route.Name, _route.AlertTopic, exception.Message);
        }
    }

    private List<PartitionRange> FindPastAlerts(RangeReader reader, CancellationToken cancellationToken)
    {
        var since = _time.GetUtcNow() - _processor.PastAlerts;
        var ranges = reader.Describe(_route.AlertTopic, cancellationToken) ?? [];
        return KafkaRecordHistory.Newest(
            ranges.FindAll(range => range.Count > 0).ConvertAll(range =>
            {
                var from = reader.FindOffset(range, since);
                return range with { From = from < range.To ? from : Math.Max(range.From, range.To - AlertsInDoubt) };
            }),
            MostPastAlerts);
    }
}
