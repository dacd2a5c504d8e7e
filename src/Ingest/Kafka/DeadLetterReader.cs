using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;
using Confluent.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Reads what a dead-letter topic holds now; belongs to no group and commits nothing.</summary>
public static class DeadLetterReader
{
    private static readonly TimeSpan PollBound = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StallBound = TimeSpan.FromSeconds(30);

    /// <summary>Reads to the end that the topic has when the reading begins, partition by partition in their order.</summary>
    /// <param name="options">Cluster.</param>
    /// <param name="topic">Dead-letter topic.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>The dead letters; null for a message that is none, since it says neither where it came from nor why.</returns>
    /// <exception cref="TopicUnavailableException">The topic does not exist, may not be read, or no broker answers.</exception>
    public static IEnumerable<StoredDeadLetter?> Read(KafkaOptions options, string topic, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentNullException.ThrowIfNull(time);
        List<PartitionRange>? ranges;
        using (var reader = new RangeReader(options, time, NullLogger.Instance))
            ranges = reader.Describe(topic, cancellationToken);
        if (ranges is null)
            throw new TopicUnavailableException($"Topic '{topic}' does not exist at {options.BootstrapServers}; correct the name.");
        using var consumer = KafkaClients.Build(() => new ConsumerBuilder<byte[]?, byte[]?>(KafkaProperties.ForReader(options)).SetLogHandler(static (_, _) => { }).Build());
        foreach (var range in ranges.Where(range => range.Count > 0))
        {
            consumer.Assign(new TopicPartitionOffset(range.Topic, range.Partition, range.From));
            var heardAt = time.GetTimestamp();
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (consumer.Consume(PollBound) is not { } result)
                {
                    if (time.GetElapsedTime(heardAt) > StallBound)
                        throw new TopicUnavailableException($"Topic '{topic}' cannot be read from {options.BootstrapServers}: nothing came for {StallBound.TotalSeconds:0} s.");
                    continue;
                }

                heardAt = time.GetTimestamp();
                if (result.IsPartitionEOF || result.Offset.Value >= range.To)
                    break;
                yield return Of(result.Message);
                if (result.Offset.Value == range.To - 1)
                    break;
            }
        }
    }

    private static StoredDeadLetter? Of(Message<byte[]?, byte[]?> message)
    {
        if (Text(message, "topic") is not { } topic || Text(message, "reason") is not { } reason)
            return null;
        var own = message.Headers
            .Where(header => !header.Key.StartsWith(DeadLetter.Prefix, StringComparison.Ordinal))
            .Select(header => KeyValuePair.Create<string, byte[]?>(header.Key, header.GetValueBytes()));
        var isCut = Text(message, "value_size") is not null || Text(message, "key_size") is not null || Text(message, "headers_dropped") is not null;
        return new StoredDeadLetter(topic, reason, message.Key, message.Value, [.. own], TimeOf(message), isCut);
    }

    private static DateTimeOffset? TimeOf(Message<byte[]?, byte[]?> message) =>
        long.TryParse(Text(message, "timestamp"), CultureInfo.InvariantCulture, out var ms) ? new RecordOrigin("", 0, 0, ms).Time : null;

    private static string? Text(Message<byte[]?, byte[]?> message, string name) =>
        message.Headers.TryGetLastBytes(DeadLetter.Prefix + name, out var value) && value is not null ? Encoding.UTF8.GetString(value) : null;
}
