using System.Runtime.InteropServices;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Reads stretches of partitions by assignment: it joins no group, commits nothing, and sees committed records only. One thread.</summary>
internal sealed unsafe class RangeReader : IDisposable
{
    private const int PollMs = 100;
    private const int BatchMessages = 2_048;
    private static readonly TimeSpan StallBound = TimeSpan.FromSeconds(30);

    private readonly KafkaOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly ConsumeQueue _queue;
    private readonly ResiliencePipeline _requestRetry;
    private readonly CopiedOrigin? _copiedOrigin;
    private readonly Dictionary<(string Topic, int Partition), RepeatedCopies> _copies = [];
    private string? _lastError;

    /// <param name="options">Cluster.</param>
    /// <param name="time">Clock.</param>
    /// <param name="logger">Receives logs.</param>
    /// <param name="readsCopies">Whether what is read are copies, each handed over once, as the record that it is of.</param>
    public RangeReader(KafkaOptions options, TimeProvider time, ILogger logger, bool readsCopies = false)
    {
        (_options, _time, _logger) = (options, time, logger);
        _copiedOrigin = readsCopies ? new CopiedOrigin() : null;
        Librdkafka.EnsureLoaded();
        _consumer = KafkaClients.Build(() => new ConsumerBuilder<Ignore, Ignore>(KafkaProperties.ForReader(options))
            .SetErrorHandler((_, error) => _lastError = ConnectionAdvice.For(error, options)?.Text ?? error.Reason)
            .SetLogHandler((_, line) =>
            {
                _lastError ??= ConnectionAdvice.ForLine(line);
                KafkaClients.Forward(logger, line);
            })
            .Build());
        _queue = new ConsumeQueue(ClientHandle.Of(_consumer.Handle), BatchMessages);
        _requestRetry = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<KafkaException>(exception => !ConnectionAdvice.IsAuthentication(exception.Error.Code)),
                MaxRetryAttempts = 2,
                Delay = TimeSpan.FromMilliseconds(250),
                BackoffType = DelayBackoffType.Exponential,
            })
            .Build();
    }

    /// <summary>Takes one message in place; valid during the call.</summary>
    /// <returns>False to end the reading.</returns>
    public delegate bool Receiver(ReadOnlySpan<byte> payload, bool isTombstone, in RecordOrigin origin);

    /// <summary>Asks what every partition of a topic holds.</summary>
    /// <returns>Null when the topic does not exist.</returns>
    /// <exception cref="TopicUnavailableException">No broker answers, or the topic may not be read.</exception>
    public List<PartitionRange>? Describe(string topic, CancellationToken cancellationToken) =>
        Ask(topic, () =>
        {
            // The administration client shares this client's connection and must not be disposed before it is done; it owns nothing else.
            using var administration = new DependentAdminClientBuilder(_consumer.Handle).Build();
            var metadata = administration.GetMetadata(topic, _options.RequestTimeout).Topics.Find(found => found.Topic == topic);
            if (metadata is null || KafkaAdvice.IsUnknownTopic(metadata.Error.Code) || metadata.Partitions.Count == 0 && !metadata.Error.IsError)
                return null;
            if (metadata.Error.IsError)
                throw new KafkaException(metadata.Error);

            var ranges = new List<PartitionRange>(metadata.Partitions.Count);
            foreach (var partition in metadata.Partitions.OrderBy(found => found.PartitionId))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var offsets = _consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition.PartitionId), _options.RequestTimeout);
                ranges.Add(new PartitionRange(topic, partition.PartitionId, offsets.Low.Value, offsets.High.Value));
            }

            return ranges;
        });

    /// <summary>Asks where a partition's records from a moment on begin.</summary>
    /// <returns>An offset, or the range's end where the broker says that there are none (or, embedded, cannot tell).</returns>
    public long FindOffset(PartitionRange range, DateTimeOffset from) =>
        Ask(range.Topic, () =>
        {
            var query = new TopicPartitionTimestamp(range.Topic, range.Partition, new Timestamp(from));
            var found = _consumer.OffsetsForTimes([query], _options.RequestTimeout)[0].Offset;
            return found.IsSpecial ? range.To : Math.Clamp(found.Value, range.From, range.To);
        });

    /// <summary>Asks where partitions end with what transactions wrote that are still open; what a reader of committed records is told of a partition ends before the first of them.</summary>
    /// <exception cref="TopicUnavailableException">No broker answers, or the topic may not be read.</exception>
    public List<PartitionRange> ThroughOpenTransactions(List<PartitionRange> ranges)
    {
        if (ranges.Count == 0)
            return ranges;
        var ends = Ask(ranges[0].Topic, () => LogEnds.AskAsync(_consumer.Handle, ranges, _options.RequestTimeout).GetAwaiter().GetResult());
        return ranges.ConvertAll(range => range with { To = Math.Max(range.To, ends[range.Partition]) });
    }

    /// <summary>Reads ranges in place, in offset order within each partition, until all are read or the receiver ends it.</summary>
    /// <param name="ranges">Of each partition one at most.</param>
    /// <param name="receive">Takes the messages.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="waitsForTransactions">Whether to wait for the end of transactions that lie before the end of a range, instead of ending where the first of them begins.</param>
    /// <exception cref="TopicUnavailableException">Nothing came for 30 seconds although there is more.</exception>
    public void Read(IReadOnlyList<PartitionRange> ranges, Receiver receive, CancellationToken cancellationToken, bool waitsForTransactions = false)
    {
        var open = ranges.Where(range => range.Count > 0).ToDictionary(range => (range.Topic, range.Partition));
        if (open.Count == 0)
            return;

        _copies.Clear();
        _consumer.Assign(open.Values.Select(range => new TopicPartitionOffset(range.Topic, range.Partition, range.From)));
        try
        {
            var heardAt = _time.GetTimestamp();
            while (open.Count > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = _queue.Poll(PollMs, 0, BatchMessages);
                var goesOn = true;
                var i = 0;
                try
                {
                    for (; i < count; i++)
                    {
                        goesOn = goesOn && Take(_queue[i], open, receive, waitsForTransactions);
                        _queue.Release(i);
                    }
                }
                finally
                {
                    for (; i < count; i++)
                        _queue.Release(i);
                }

                if (!goesOn)
                    return;
                if (count > 0)
                    heardAt = _time.GetTimestamp();
                else if (_time.GetElapsedTime(heardAt) > StallBound)
                    throw Unavailable(open.Keys.First().Topic, $"nothing came for {StallBound.TotalSeconds:0} s");
            }
        }
        finally
        {
            _consumer.Unassign();
        }
    }

    public void Dispose()
    {
        _queue.Dispose();
        KafkaClients.End(_consumer, _logger);
    }

    private bool Take(NativeMessage* message, Dictionary<(string Topic, int Partition), PartitionRange> open, Receiver receive, bool waitsForTransactions)
    {
        if (message->Topic == 0)
            return true;
        var topic = Marshal.PtrToStringUTF8((nint)Librdkafka.TopicName(message->Topic)) ?? "";
        var key = (topic, message->Partition);
        if (!open.TryGetValue(key, out var range))
            return true;

        if (message->Error != 0)
        {
            // The end comes as an event of its own where the last offsets are markers of transactions, and where an open transaction begins: then again after its end.
            if ((ErrorCode)message->Error == ErrorCode.Local_PartitionEOF && (!waitsForTransactions || message->Offset >= range.To))
                open.Remove(key);
            return true;
        }

        if (message->Offset >= range.To - 1)
            open.Remove(key);
        if (message->Offset >= range.To)
            return true;
        int timestampType;
        var origin = new RecordOrigin(range.Topic, range.Partition, message->Offset, Librdkafka.MessageTimestamp(message, &timestampType));
        if (_copiedOrigin is not null && IsRepeated(message, key, ref origin))
            return true;
        return receive(new ReadOnlySpan<byte>(message->Payload, (int)message->PayloadSize), message->Payload == null, origin);
    }

    private bool IsRepeated(NativeMessage* message, (string Topic, int Partition) partition, ref RecordOrigin origin)
    {
        origin = _copiedOrigin!.Of(message, origin, out var leaderEpoch);
        if (origin.Original is not { } original)
            return false;
        if (!_copies.TryGetValue(partition, out var copies))
            _copies.Add(partition, copies = new RepeatedCopies());
        return copies.IsRepeated(original, leaderEpoch);
    }

    private T Ask<T>(string topic, Func<T> request)
    {
        try
        {
            return _requestRetry.Execute(request);
        }
        catch (KafkaException exception)
        {
            throw Unavailable(topic, KafkaAdvice.ForReading(topic, exception.Error), exception);
        }
    }

    private TopicUnavailableException Unavailable(string topic, string reason, Exception? cause = null) =>
        new($"Topic '{topic}' cannot be read from {_options.BootstrapServers}: {reason}{(_lastError is null ? "" : $" ({_lastError})")}.", cause!);
}
