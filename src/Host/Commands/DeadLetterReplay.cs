using System.Globalization;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Commands;

/// <summary>Produces dead letters again, as the records that they were, to the topics they came from: the second half of <c>replay</c>.</summary>
/// <param name="environment">Environment of the command.</param>
/// <param name="kafka">Cluster.</param>
/// <param name="topic">Topic to produce to; null for the one each came from.</param>
/// <param name="reasons">Reasons wanted; empty for all.</param>
internal sealed class DeadLetterReplay(CommandEnvironment environment, KafkaOptions kafka, string? topic, IReadOnlyList<string> reasons)
{
    private static readonly TimeSpan FlushBound = TimeSpan.FromSeconds(60);

    private readonly SortedDictionary<(string Topic, string Reason), int> _chosen = [];
    private long _others;
    private long _cut;
    private long _foreign;

    /// <summary>Reads what the dead-letter topic holds now and produces what is wanted of it.</summary>
    /// <param name="deadLetters">Dead-letter topic.</param>
    /// <param name="isDry">Whether only to say what would be produced.</param>
    /// <param name="cancellationToken">Ends the work; what was handed over arrives.</param>
    /// <exception cref="CommandFailedException">Some were not acknowledged.</exception>
    public void Run(string deadLetters, bool isDry, CancellationToken cancellationToken)
    {
        using var producer = isDry ? null : new TopicProducer(kafka);
        try
        {
            foreach (var letter in DeadLetterReader.Read(kafka, deadLetters, environment.Time, cancellationToken))
            {
                if (letter is null)
                    _foreign++;
                else if (reasons.Count > 0 && !reasons.Contains(letter.Reason))
                    _others++;
                else if (letter.IsCut)
                    _cut++;
                else
                    Take(letter, producer, cancellationToken);
                if (producer is { Failed: > 0 })
                    break;
            }
        }
        finally
        {
            producer?.Flush(FlushBound, cancellationToken);
            Say(deadLetters, isDry, producer);
        }

        if (producer is not null && producer.Acknowledged != producer.Produced)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new CommandFailedException(
                $"{Count(producer.Produced - producer.Acknowledged)} of {Count(producer.Produced)} records were not acknowledged{(producer.LastError is { } error ? $": {error}" : $" within {FlushBound.TotalSeconds:0} s")}.");
        }
    }

    private void Take(StoredDeadLetter letter, TopicProducer? producer, CancellationToken cancellationToken)
    {
        var target = topic ?? letter.Topic;
        _chosen[(target, letter.Reason)] = _chosen.GetValueOrDefault((target, letter.Reason)) + 1;
        producer?.Produce(target, letter.Key, letter.Value, letter.Headers, letter.Timestamp, cancellationToken);
    }

    private void Say(string deadLetters, bool isDry, TopicProducer? producer)
    {
        foreach (var ((target, reason), count) in _chosen)
            environment.Output.WriteLine($"{target}: {Count(count)} of reason {reason}");
        if (_others > 0)
            environment.Output.WriteLine($"left out: {Count(_others)} of other reasons");
        if (_cut > 0)
            environment.Output.WriteLine($"left out: {Count(_cut)} that were cut, so that the record is not whole; their headers say where it lies");
        if (_foreign > 0)
            environment.Output.WriteLine($"left out: {Count(_foreign)} messages that are no dead letters of aeanomaly");
        environment.Output.WriteLine(producer is null && isDry
            ? $"{deadLetters}: {Count(_chosen.Values.Sum())} dead letters would be produced; nothing was (--dry-run)"
            : $"{deadLetters}: {Count(producer?.Acknowledged ?? 0)} of {Count(producer?.Produced ?? 0)} dead letters are in their topics again");
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
