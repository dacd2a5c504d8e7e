using AEAnomaly.Detection.Records;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

// Joining, pausing, giving away. The handlers run inside the call that reads; librdkafka swallows what they throw, so they catch it for the loop.
internal sealed unsafe partial class ConsumerLoop
{
    private HashSet<TopicPartition>? _paused;
    private ConsumerState _pauseReason;
    private bool _hasNewPartitions;

    private IConsumer<Ignore, Ignore> BuildConsumer(Dictionary<string, string> properties) =>
        new ConsumerBuilder<Ignore, Ignore>(properties)
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                    _callbackFailure = new KafkaException(error);
                _health.Report(error);
            })
            .SetLogHandler((_, message) => KafkaClients.Forward(_logger, message))
            .SetPartitionsAssignedHandler(Assigned)
            .SetPartitionsRevokedHandler((_, partitions) => Guarded(() => Revoked(partitions)))
            .SetPartitionsLostHandler((_, partitions) => Guarded(() => Lost(partitions)))
            .Build();

    private void Guarded(Action handler)
    {
        try
        {
            handler();
        }
        catch (Exception exception)
        {
            _callbackFailure = exception;
        }
    }

    private IEnumerable<TopicPartitionOffset> Assigned(IConsumer<Ignore, Ignore> consumer, List<TopicPartition> partitions)
    {
        var starts = partitions.ConvertAll(partition => new TopicPartitionOffset(partition, Offset.Unset));
        Guarded(() =>
        {
            _partitions.Add(partitions);
            _hasNewPartitions = true;
            foreach (var partition in partitions)
                _topicProblems.Remove(partition.Topic);
            _topicProblems.Remove("");
            _health.Answered();
            _metrics.Rebalanced(_route.Name, "assigned");
            Log.Assigned(_logger, _route.Name, partitions.Count, Names(partitions));
            if (_start == AutoOffsetReset.Latest && partitions.Count > 0)
                PinStarts(consumer, partitions, starts);
        });
        return starts;
    }

    /// <summary>
    /// Turns "from the end" into offsets at the moment of assignment, and lets the next commit carry them: otherwise "the end" would be looked up when
    /// reading begins, and records that came while the partition waited for a model, or before a restart, would be skipped.
    /// </summary>
    private void PinStarts(IConsumer<Ignore, Ignore> consumer, List<TopicPartition> partitions, List<TopicPartitionOffset> starts)
    {
        try
        {
            var committed = consumer.Committed(partitions, _options.RequestTimeout);
            for (var i = 0; i < committed.Count; i++)
            {
                if (committed[i].Offset != Offset.Unset)
                    continue;
                var partition = committed[i].TopicPartition;
                var end = consumer.QueryWatermarkOffsets(partition, _options.RequestTimeout).High;
                starts[partitions.IndexOf(partition)] = new TopicPartitionOffset(partition, end);
                var position = _partitions.Find(partition.Topic, partition.Partition.Value)!;
                (position.Read, position.Processed) = (end.Value, end.Value);
            }
        }
        catch (KafkaException exception)
        {
            Log.StartsNotPinned(_logger, _route.Name, exception.Error.Reason);
        }
    }

    private void Revoked(List<TopicPartitionOffset> revoked)
    {
        var partitions = revoked.ConvertAll(partition => partition.TopicPartition);
        _metrics.Rebalanced(_route.Name, "revoked");
        Log.Revoked(_logger, _route.Name, partitions.Count, Names(partitions));
        Settle(partitions);
        Forget(partitions);
    }

    private void Lost(List<TopicPartitionOffset> lost)
    {
        var partitions = lost.ConvertAll(partition => partition.TopicPartition);
        _metrics.Rebalanced(_route.Name, "lost");
        Log.Lost(_logger, _route.Name, partitions.Count, Names(partitions));
        Forget(partitions);
    }

    private void Forget(List<TopicPartition> partitions)
    {
        _partitions.Remove(partitions);
        _paused?.ExceptWith(partitions);
        if (_batch.Count == 0)
            return;

        // Records that waited for a model: their new owner reads them.
        var kept = _spare ?? new RecordBatch(_processor.Spec, _options.BatchRecords);
        for (var row = 0; row < _batch.Count; row++)
        {
            var origin = _batch.Origins[row];
            if (_partitions.Find(origin.Topic, origin.Partition) is not null)
                kept.AppendFrom(_batch, row);
        }

        _batch.Clear();
        (_batch, _spare) = (kept, _batch);
    }

    private void ApplyPause()
    {
        var reason = !_processor.IsReady ? ConsumerState.WaitingForModel : _outbox.IsCongested ? ConsumerState.WaitingForOutput : ConsumerState.Running;
        if (reason != _pauseReason)
        {
            _pauseReason = reason;
            if (reason == ConsumerState.Running && _paused is not null)
                Log.Resumed(_logger, _route.Name);
            else if (reason != ConsumerState.Running)
                Log.Paused(_logger, _route.Name, reason == ConsumerState.WaitingForModel ? "no model is loaded yet" : "messages wait for their acknowledgement");
        }

        if (reason == ConsumerState.Running)
        {
            if (_paused is { Count: > 0 })
                _consumer.Resume(_paused);
            _paused = null;
        }
        else if (_paused is null || _hasNewPartitions)
        {
            _paused ??= [];
            var running = _partitions.ToList().FindAll(partition => !_paused.Contains(partition));
            _consumer.Pause(running);
            _paused.UnionWith(running);
        }

        _hasNewPartitions = false;
    }

    private static string Names(List<TopicPartition> partitions)
    {
        const int Shown = 12;
        var names = string.Join(", ", partitions.Take(Shown).Select(partition => $"{partition.Topic}/{partition.Partition.Value}"));
        return partitions.Count > Shown ? names + ", ..." : names;
    }
}
