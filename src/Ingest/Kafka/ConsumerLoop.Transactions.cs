using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

// Exactly once: what was published since the last commit, and how far the partitions are processed, become one transaction. Where that fails the loop begins anew: the
// processor forgets what it knew of its partitions, and learns from what is committed, as a process does that takes over.
// A commit is several answers of brokers, for which the loop does not wait: it goes on with the next records, and what comes of them waits for the next transaction.
internal sealed unsafe partial class ConsumerLoop
{
    private bool _isBroken;
    private Task? _committing;

    private void CommitTransactionWhenDue()
    {
        if (_committing is { IsCompleted: false })
            return;
        if (_committing is not null)
            EndCommit();
        if (!_outbox.IsTransactionFull)
        {
            if (!IsCheckpointDue())
                return;
            OpenCheckpoint();
            if (!_isCheckpointOpen && !_transaction!.IsOpen)
                return;
            _outbox.FillTransaction();
        }

        if (_outbox.AcknowledgedThrough >= _checkpointSequence)
        {
            var offsets = TakeCheckpoint();
            _committing = Task.Run(() => _transaction!.Commit(offsets));
        }
        else if (_time.GetElapsedTime(_checkpointedAt) >= CommitBound)
        {
            throw NotAcknowledged();
        }
    }

    // Waits for the commit where it is not over.
    private void EndCommit()
    {
        var committing = _committing!;
        _committing = null;
        committing.GetAwaiter().GetResult();
        NoteTransaction();
        _outbox.BeginNextTransaction();
    }

    private void NoteTransaction()
    {
        TellCommitted();
        _metrics.Committed(_route.Name);
        _health.Answered();
    }

    /// <summary>Commits all that is processed, and waits for it.</summary>
    private void CommitTransaction()
    {
        if (_committing is not null)
            EndCommit();
        else
            _outbox.BeginNextTransaction();
        if (!_outbox.Flush(CommitBound))
            throw NotAcknowledged();
        OpenCheckpoint();
        if (!_isCheckpointOpen && !_transaction!.IsOpen)
            return;
        _transaction!.Commit(TakeCheckpoint());
        NoteTransaction();
    }

    private TransactionException NotAcknowledged() =>
        new($"the transaction could not be committed: {Obstacle ?? $"not all was acknowledged within {CommitBound.TotalSeconds:0.#} s"}", isFenced: false);

    /// <summary>Commits before partitions are given away; where that fails, all since the last commit is given up.</summary>
    private void SettleTransaction(List<TopicPartition> partitions)
    {
        if (_isBroken)
            return;
        try
        {
            CommitTransaction();
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
        AwaitCommit();
        if (_health.WasRefused)
        {
            Log.NotAborted(_logger, _route.Name, "its clients were refused meanwhile");
            return;
        }

        if (_transaction.Abort(_outbox.Drain) is { } problem)
            Log.NotAborted(_logger, _route.Name, problem);
    }

    // The clients must not be ended while they commit; it ends within its own bound.
    private void AwaitCommit()
    {
        try
        {
            _committing?.Wait();
        }
        catch (AggregateException exception) when (exception.InnerException is TransactionException inner)
        {
            Log.NotSettled(_logger, _route.Name, _partitions.Count, inner.Message);
        }

        _committing = null;
    }
}
