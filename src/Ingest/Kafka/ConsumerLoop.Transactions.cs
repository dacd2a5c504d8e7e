using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

// Exactly once: what was published since the last commit, and how far the partitions are processed, become one transaction. Where that fails the loop begins anew: the
// processor forgets what it knew of its partitions, and learns from what is committed, as a process does that takes over.
internal sealed unsafe partial class ConsumerLoop
{
    private bool _isBroken;

    private void CommitTransaction(TimeSpan bound)
    {
        if (!_outbox.Flush(bound))
            throw new TransactionException($"the transaction could not be committed: {Obstacle ?? $"not all was acknowledged within {bound.TotalSeconds:0.#} s"}", isFenced: false);
        var advanced = _partitions.Positions.Where(position => position.Processed >= 0 && position.Processed != position.Committed).ToList();
        if (advanced.Count == 0 && !_transaction!.IsOpen)
            return;
        _transaction!.Commit(advanced.ConvertAll(position => ThroughWith(position, position.Processed)));
        foreach (var position in advanced)
            position.Committed = position.Processed;
        TellCommitted();
        _metrics.Committed(_route.Name);
        _health.Answered();
    }

    private void CommitTransactionWhenDue()
    {
        if (!IsCheckpointDue())
            return;
        _checkpointedAt = _time.GetTimestamp();
        _recordsSinceCheckpoint = 0;
        CommitTransaction(_options.ShutdownTimeout * 0.4);
    }

    /// <summary>Commits before partitions are given away; where that fails, all since the last commit is given up.</summary>
    private void SettleTransaction(List<TopicPartition> partitions)
    {
        if (_isBroken)
            return;
        try
        {
            CommitTransaction(_options.ShutdownTimeout * 0.4);
        }
        catch (TransactionException exception)
        {
            Log.NotSettled(_logger, _route.Name, partitions.Count, exception.Message);
            BreakTransaction();
            _callbackFailure = exception;
        }
    }

    /// <summary>Gives up what was not committed, after a failure: nothing of it is seen, and it is read again. Without transactions nothing is given up.</summary>
    public void BreakTransaction()
    {
        if (_transaction is null || _isBroken)
            return;
        _isBroken = true;
        if (_transaction.Abort(_outbox.Drain) is { } problem)
            Log.NotAborted(_logger, _route.Name, problem);
    }
}
