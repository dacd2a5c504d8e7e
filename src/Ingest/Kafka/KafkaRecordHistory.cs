using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Reads training windows from the topics themselves, with a client of its own for each call: it joins no group and moves no offset.</summary>
/// <remarks>
/// Where the window holds more records than wanted, each partition gives its newest in proportion to what it holds. Timestamps are the producers'
/// (CreateTime) by default and need not rise with the offset, so every record's own is checked too. Only committed records are read.
/// </remarks>
public sealed partial class KafkaRecordHistory : IRecordHistory
{
    // An answer "no such records" is checked against this many of the newest: the embedded cluster always answers so.
    private const int TailRecords = 100;

    private volatile KafkaOptions _options;
    private readonly DetectorRoute _route;
    private readonly IRecordDecoder _decoder;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _decoderGate = new();
    private volatile string? _problem;

    /// <summary>Creates a history; contacts nobody yet.</summary>
    /// <param name="options">Validated options.</param>
    /// <param name="route">Topics.</param>
    /// <param name="decoder">Decodes messages; the history's own, since a decoder is not thread-safe.</param>
    /// <param name="time">Clock, for the age of records.</param>
    /// <param name="logger">Receives logs.</param>
    public KafkaRecordHistory(KafkaOptions options, DetectorRoute route, IRecordDecoder decoder, TimeProvider time, ILogger<KafkaRecordHistory> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(decoder);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        (_options, _route, _decoder, _time, _logger) = (options, route, decoder, time, logger);
    }

    /// <summary>Gets why there is no history, say a topic that does not exist; null when nothing is wrong. May be read by any thread.</summary>
    public string? Problem => _problem;

    /// <summary>Reads with other credentials from the next time on; any thread.</summary>
    public void Renew(KafkaRenewal renewal)
    {
        ArgumentNullException.ThrowIfNull(renewal);
        _options = renewal.Options;
    }

    /// <inheritdoc/>
    /// <remarks>Asks for offsets only. A topic that does not exist yet counts as empty; <see cref="Problem"/> says so.</remarks>
    /// <exception cref="TopicUnavailableException">No broker answers, or a topic may not be read.</exception>
    public Task<long> CountAsync(HistoryWindow window, CancellationToken cancellationToken) =>
        RunAsync(reader => Math.Min(window.MaxRecords, Find(reader, window, cancellationToken).Sum(range => range.Count)), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="TopicUnavailableException">No broker answers, a topic may not be read, or the records stopped coming.</exception>
    public Task<IReadOnlyList<HistoryRange>> ReadAsync(HistoryWindow window, RecordBatch target, Action<RecordBatch>? arrived, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return RunAsync<IReadOnlyList<HistoryRange>>(reader => Read(reader, window, target, arrived, cancellationToken), cancellationToken);
    }

    // Who is told to end does not wait for a broker that does not answer: the question is left to its own bound.
    private Task<T> RunAsync<T>(Func<RangeReader, T> work, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () =>
            {
                using var reader = new RangeReader(_options, _time, _logger, _route.ReadsCopies);
                return work(reader);
            },
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).WaitAsync(cancellationToken);

    private List<HistoryRange> Read(RangeReader reader, HistoryWindow window, RecordBatch target, Action<RecordBatch>? arrived, CancellationToken cancellationToken)
    {
        var ranges = Newest(Find(reader, window, cancellationToken), window.MaxRecords);
        var oldestMs = OldestMs(window);
        var read = new Dictionary<(string Topic, int Partition), HistoryRange>();
        long bad = 0, good = 0;
        // A decoder has one caller at a time.
        using var decoding = _decoderGate.EnterScope();
        reader.Read(
            ranges,
            (payload, isTombstone, in origin) =>
            {
                if (origin.TimestampMs >= 0 && origin.TimestampMs < oldestMs)
                    return true;
                var key = (origin.Topic, origin.Partition);
                var from = read.TryGetValue(key, out var known) ? known.FromOffset : origin.Offset;
                read[key] = new HistoryRange(origin.Topic, origin.Partition, from, origin.Offset + 1);
                if (isTombstone)
                    return true;
                var held = target.Count;
                if (!IsUsed(payload, origin, target))
                    bad++;
                if (target.Count > held)
                {
                    good++;
                    arrived?.Invoke(target);
                }

                return true;
            },
            cancellationToken);
        Log.Read(_logger, _route.Name, good, read.Count, bad);
        return [.. read.Values.OrderBy(range => range.Topic, StringComparer.Ordinal).ThenBy(range => range.Partition)];
    }

    /// <returns>False for a bad record; the live stream dead-letters it.</returns>
    private bool IsUsed(ReadOnlySpan<byte> payload, in RecordOrigin origin, RecordBatch target)
    {
        if (payload.Length > _options.MaxRecordBytes || origin.TimestampMs > RecordOrigin.LatestTimestampMs)
            return false;
        var rows = target.Count;
        try
        {
            return _decoder.TryDecode(payload, origin, target, out var error) || error.IsDeletion;
        }
        catch (Exception exception)
        {
            // As in the live stream: a decoder that throws has a fault, and one record must not keep all others from being learned.
            while (target.Count > rows)
                target.RemoveLast();
            Log.DecoderThrew(_logger, _route.Name, origin.Topic, origin.Partition, origin.Offset, exception);
            return false;
        }
    }

    private List<PartitionRange> Find(RangeReader reader, HistoryWindow window, CancellationToken cancellationToken)
    {
        var found = new List<PartitionRange>();
        string? problem = null;
        foreach (var topic in _route.Topics)
        {
            if (reader.Describe(topic, cancellationToken) is { } ranges)
                found.AddRange(ranges.Where(range => range.Count > 0));
            else
                problem = $"topic '{topic}' does not exist yet; create it, or correct the detector's topics";
        }

        if (problem is not null && problem != _problem)
            Log.NoTopic(_logger, _route.Name, problem);
        _problem = problem;
        if (window.Age is null)
            return found;

        var oldestMs = OldestMs(window);
        var oldest = DateTimeOffset.FromUnixTimeMilliseconds(oldestMs);
        return found.ConvertAll(range =>
        {
            var from = reader.FindOffset(range, oldest);
            return from < range.To || !HasNewer(reader, range, oldestMs, cancellationToken) ? range with { From = from } : range;
        });
    }

    private static bool HasNewer(RangeReader reader, PartitionRange range, long oldestMs, CancellationToken cancellationToken)
    {
        var isNewer = false;
        reader.Read(
            [range with { From = Math.Max(range.From, range.To - TailRecords) }],
            (payload, isTombstone, in origin) => !(isNewer = origin.TimestampMs >= oldestMs),
            cancellationToken);
        return isNewer;
    }

    /// <summary>Cuts ranges from their beginning so that together they hold no more than wanted.</summary>
    internal static List<PartitionRange> Newest(List<PartitionRange> ranges, int maxRecords)
    {
        var left = ranges.Sum(range => range.Count);
        if (left <= maxRecords)
            return ranges;

        long wanted = maxRecords;
        var cut = new List<PartitionRange>(ranges.Count);
        foreach (var range in ranges)
        {
            // Shares of what is left: the roundings cancel, and the sum is exactly what is wanted.
            var share = (long)((Int128)range.Count * wanted / left);
            cut.Add(range with { From = range.To - share });
            wanted -= share;
            left -= range.Count;
        }

        return cut;
    }

    private long OldestMs(HistoryWindow window) =>
        window.Age is { } age ? (_time.GetUtcNow() - age).ToUnixTimeMilliseconds() : 0;

    private static partial class Log
    {
        [LoggerMessage(3070, LogLevel.Information, "Detector {Detector}: {Records} records read from {Partitions} partitions for training, {Bad} bad ones skipped")]
        public static partial void Read(ILogger logger, string detector, long records, int partitions, long bad);

        [LoggerMessage(3072, LogLevel.Error, "Detector {Detector}: the decoder threw at {Topic}/{Partition} offset {Offset}; the record is left out of training")]
        public static partial void DecoderThrew(ILogger logger, string detector, string topic, int partition, long offset, Exception exception);

        [LoggerMessage(3071, LogLevel.Warning, "Detector {Detector}: no history: {Problem}")]
        public static partial void NoTopic(ILogger logger, string detector, string problem);
    }
}
