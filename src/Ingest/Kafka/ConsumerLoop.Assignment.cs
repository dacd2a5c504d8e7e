using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

// Joining, pausing, giving away. The handlers run inside the call that reads; librdkafka swallows what they throw, so they catch it for the loop.
internal sealed unsafe partial class ConsumerLoop
{
    private HashSet<TopicPartition>? _paused;
    private ConsumerState _pauseReason;
    private bool _hasNewPartitions;
    private bool _hasGivenUpJoining;

    private IConsumer<Ignore, Ignore> BuildConsumer(Dictionary<string, string> properties) =>
        new ConsumerBuilder<Ignore, Ignore>(properties)
            .SetErrorHandler((_, error) =>
            {
                if (error.IsFatal)
                    _callbackFailure = new KafkaException(error);
                _health.Report(error);
            })
            .SetLogHandler((_, message) => KafkaClients.Forward(_logger, _health, message))
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
        var positions = _partitions.Add(partitions);
        Guarded(() =>
        {
            IsMember = true;
            _hasNewPartitions = true;
            var topics = partitions.Select(partition => partition.Topic).ToHashSet();
            foreach (var solved in _problems.Keys.Where(of => of.Topic.Length == 0 || topics.Contains(of.Topic)).ToList())
                _problems.Remove(solved);
            _health.Answered();
            _metrics.Rebalanced(_route.Name, "assigned");
            Log.Assigned(_logger, _route.Name, partitions.Count, Names(partitions));
            ChooseStarts(positions);
            _toRecall.UnionWith(positions.Select(position => (position.Topic, position.Partition)));
        });
        return positions.ConvertAll(StartOf);
    }

    private void Revoked(List<TopicPartitionOffset> revoked)
    {
        var partitions = revoked.ConvertAll(partition => partition.TopicPartition);
        _metrics.Rebalanced(_route.Name, "revoked");
        Log.Revoked(_logger, _route.Name, partitions.Count, Names(partitions));
        Settle(partitions);
        Forget(partitions, ForgetReason.GivenAway);
        // An assignment follows, be it one of nothing.
        IsMember = _partitions.Count > 0;
    }

    private void Lost(List<TopicPartitionOffset> lost)
    {
        var partitions = lost.ConvertAll(partition => partition.TopicPartition);
        _metrics.Rebalanced(_route.Name, "lost");
        Log.Lost(_logger, _route.Name, partitions.Count, Names(partitions));
        if (_transaction is { IsOpen: true } || _outbox.IsTransactionFull)
        {
            BreakTransaction();
            _callbackFailure = new TransactionException("the transaction was given up: its partitions were lost, the process was away longer than the group allows", isFenced: true);
        }

        Forget(partitions, ForgetReason.Lost);
        IsMember = false;
    }

    private void Forget(List<TopicPartition> partitions, ForgetReason reason)
    {
        _partitions.Remove(partitions);
        _toRecall.ExceptWith(partitions.Select(partition => (partition.Topic, partition.Partition.Value)));
        _paused?.ExceptWith(partitions);
        _processor.Forget(partitions.Select(partition => (partition.Topic, partition.Partition.Value)).ToHashSet(), reason);

        // Records that waited for a model: their new owner reads them.
        KeepAssigned(ref _batch, _held);
        if (_past is not null)
            KeepAssigned(ref _past, null);
    }

    private void KeepAssigned(ref RecordBatch batch, nint[]? messages)
    {
        if (batch.Count == 0)
            return;
        var kept = _spare ?? new RecordBatch(_processor.Spec, _options.BatchRecords);
        for (var row = 0; row < batch.Count; row++)
        {
            var origin = batch.Origins[row];
            var isKept = _partitions.Find(origin.Topic, origin.Partition) is not null;
            if (messages is not null && isKept)
                messages[kept.Count] = messages[row];
            else if (messages is not null)
                Drop((NativeMessage*)messages[row]);
            if (isKept)
                kept.AppendFrom(batch, row);
        }

        batch.Clear();
        (batch, _spare) = (kept, batch);
    }

    private void ApplyPause()
    {
        if (_breaker.TryResume())
            Log.ToldToGoOn(_logger, _route.Name);
        var reason = _breaker.IsTripped ? ConsumerState.Halted : !_processor.IsReady ? ConsumerState.WaitingForModel : _outbox.IsCongested ? ConsumerState.WaitingForOutput : ConsumerState.Running;
        if (reason != _pauseReason)
        {
            _pauseReason = reason;
            if (reason == ConsumerState.Running && _paused is not null)
                Log.Resumed(_logger, _route.Name);
            else if (reason != ConsumerState.Running)
                Log.Paused(_logger, _route.Name, ReasonOf(reason));
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

    private static string ReasonOf(ConsumerState pause) => pause switch
    {
        ConsumerState.Halted => "too many records went to the dead letters",
        ConsumerState.WaitingForModel => "no model is loaded yet",
        _ => "messages wait for their acknowledgement",
    };

    private static string Names(List<TopicPartition> partitions)
    {
        const int Shown = 12;
        var names = string.Join(", ", partitions.Take(Shown).Select(partition => $"{partition.Topic}/{partition.Partition.Value}"));
        return partitions.Count > Shown ? names + ", ..." : names;
    }
}
