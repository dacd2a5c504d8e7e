using AEAnomaly.Ingest.Native;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

// Commits: a checkpoint notes how far every partition is processed; once everything handed to the outbox before it is acknowledged, it is committed.
internal sealed unsafe partial class ConsumerLoop
{
    private static readonly TimeSpan CommitPauseAfterFailure = TimeSpan.FromSeconds(1);

    private long _recordsSinceCheckpoint;
    private long _checkpointedAt;
    private long _checkpointSequence;
    private bool _isCheckpointOpen;
    private bool _hasCommitFailed;

    // A stop publishes, commits and leaves the group.
    private TimeSpan CommitBound => _options.ShutdownTimeout * 0.4;

    private void Commit()
    {
        if (_transaction is not null)
        {
            CommitTransactionWhenDue();
            return;
        }

        if (_committer.IsBusy && _committer.TryComplete(0, out var result))
            NoteCommit(result);

        if (!_isCheckpointOpen && IsCheckpointDue())
            OpenCheckpoint();
        if (!_isCheckpointOpen || _committer.IsBusy || _outbox.AcknowledgedThrough < _checkpointSequence)
            return;

        if (TakeCheckpoint() is not { Count: > 0 } offsets)
            return;
        var code = _committer.Begin(offsets);
        if (code != ErrorCode.NoError)
            NoteCommit(code);
    }

    private bool IsCheckpointDue()
    {
        var elapsed = _time.GetElapsedTime(_checkpointedAt);
        return _hasCommitFailed ? elapsed >= CommitPauseAfterFailure : _recordsSinceCheckpoint >= _options.CommitRecords || elapsed >= _options.CommitInterval;
    }

    private void OpenCheckpoint()
    {
        _checkpointedAt = _time.GetTimestamp();
        _recordsSinceCheckpoint = 0;
        foreach (var position in _partitions.Positions)
        {
            if (position.Processed == position.Committed)
                continue;
            position.Checkpoint = position.Processed;
            _isCheckpointOpen = true;
        }

        _checkpointSequence = _outbox.Enqueued;
    }

    private List<GroupOffset> TakeCheckpoint()
    {
        _isCheckpointOpen = false;
        List<GroupOffset> offsets = [];
        foreach (var position in _partitions.Positions)
        {
            if (position.Checkpoint < 0 || position.Checkpoint == position.Committed)
                continue;
            offsets.Add(ThroughWith(position, position.Checkpoint));
            position.Committed = position.Checkpoint;
        }

        return offsets;
    }

    private void NoteCommit(ErrorCode result)
    {
        if (result == ErrorCode.NoError)
        {
            _metrics.Committed(_route.Name);
            _hasCommitFailed = false;
            _health.Answered();
            TellCommitted();
            return;
        }

        _metrics.CommitFailed(_route.Name);
        if (!_hasCommitFailed)
            Log.CommitFailed(_logger, _route.Name, result);
        _hasCommitFailed = true;
        // Not known to be committed: the next checkpoint carries all partitions again.
        foreach (var position in _partitions.Positions)
            position.Committed = -1;
    }

    /// <summary>Publishes what is outstanding and commits partitions that are about to be given away.</summary>
    private void Settle(List<TopicPartition> partitions)
    {
        if (_transaction is not null)
        {
            SettleTransaction(partitions);
            return;
        }

        var isPublished = _outbox.Flush(CommitBound);
        if (_committer.IsBusy && _committer.TryComplete((int)CommitBound.TotalMilliseconds, out var earlier))
            NoteCommit(earlier);

        var offsets = new List<GroupOffset>();
        foreach (var partition in partitions)
        {
            if (_partitions.Find(partition.Topic, partition.Partition.Value) is { Processed: >= 0 } position && position.Processed != position.Committed)
                offsets.Add(ThroughWith(position, position.Processed));
        }

        if (offsets.Count == 0)
            return;
        if (!isPublished || _committer.IsBusy)
        {
            Log.NotSettled(_logger, _route.Name, offsets.Count, Obstacle ?? $"not acknowledged within {CommitBound.TotalSeconds:0.#} s");
            return;
        }

        var code = _committer.Begin(offsets);
        if (code == ErrorCode.NoError && !_committer.TryComplete((int)CommitBound.TotalMilliseconds, out code))
            code = ErrorCode.Local_TimedOut;
        if (code != ErrorCode.NoError)
        {
            Log.NotSettled(_logger, _route.Name, offsets.Count, code.ToString());
            return;
        }

        _metrics.Committed(_route.Name);
        foreach (var offset in offsets)
            _processor.Committed(offset.Topic, offset.Partition, offset.Offset);
    }

    private void TellCommitted()
    {
        foreach (var position in _partitions.Positions)
        {
            if (position.Committed >= 0)
                _processor.Committed(position.Topic, position.Partition, position.Committed);
        }
    }

    // A record read later may have a later epoch: the broker then answers for the latest epoch that it knows before, which is as good.
    private static GroupOffset ThroughWith(PartitionPosition position, long offset) => new(position.Topic, position.Partition, offset, position.LeaderEpoch, position.TopicId);
}
