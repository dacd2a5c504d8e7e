namespace AEAnomaly.Ingest.Kafka;

// What was published before a partition is read: the processor goes on with the episodes that another process, or this one before a restart, had opened.
internal sealed unsafe partial class ConsumerLoop
{
    // More tell of so many episodes that they do not end before they are forgotten.
    private const int MostPastAlerts = 20_000;

    // An answer "none since then" is checked against this many of the newest: the embedded cluster always answers so.
    private const int AlertsInDoubt = 100;

    // What a process that died left open is ended after its timeout, when the broker looks next: every ten seconds.
    private static readonly TimeSpan EndedWithin = TimeSpan.FromSeconds(10);

    private readonly HashSet<(string Topic, int Partition)> _toRecall = [];

    /// <returns>False when it is to end: nothing more is judged then.</returns>
    private bool TryRecallAlerts(CancellationToken cancellationToken)
    {
        if (_toRecall.Count == 0)
            return true;
        var partitions = _toRecall.ToHashSet();
        _toRecall.Clear();
        if (_processor.PastAlerts <= TimeSpan.Zero)
            return true;
        // Readers of what is committed see nothing behind a transaction that is open: neither behind this process's own, nor, for a moment, what the partitions' former
        // owner committed with the offset from which they are read here, since markers reach the topics one after the other.
        if (_transaction is not null)
            CommitTransaction();
        var bound = (2 * _options.RequestTimeout) + KafkaProperties.TransactionTimeout(_options) + EndedWithin;
        using var over = new CancellationTokenSource(bound, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            using var reader = new RangeReader(_options, _time, _logger);
            var recalled = 0;
            reader.Read(
                FindPastAlerts(reader, either.Token),
                (payload, isTombstone, in _) =>
                {
                    if (isTombstone)
                        return true;
                    _processor.RecallAlert(payload.ToArray(), partitions);
                    recalled++;
                    return true;
                },
                either.Token,
                waitsForTransactions: true);
            Log.AlertsRecalled(_logger, _route.Name, recalled, _route.AlertTopic);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            Log.AlertsNotRecalled(_logger, _route.Name, _route.AlertTopic, $"not read to their end within {bound.TotalSeconds:0} s; a transaction that stays open there keeps readers waiting");
        }
        catch (TopicUnavailableException exception)
        {
            Log.AlertsNotRecalled(_logger, _route.Name, _route.AlertTopic, exception.Message);
        }

        return true;
    }

    private List<PartitionRange> FindPastAlerts(RangeReader reader, CancellationToken cancellationToken)
    {
        var since = _time.GetUtcNow() - _processor.PastAlerts;
        var ranges = reader.Describe(_route.AlertTopic, cancellationToken) ?? [];
        var wanted = ranges.ConvertAll(range =>
        {
            var from = range.Count > 0 ? reader.FindOffset(range, since) : range.To;
            return range with { From = from < range.To ? from : Math.Max(range.From, range.To - AlertsInDoubt) };
        });
        return KafkaRecordHistory.Newest(reader.ThroughOpenTransactions(wanted), MostPastAlerts);
    }
}
