namespace AEAnomaly.Detection.Replicas;

/// <summary>A turn to train, until it is disposed of or lost; says by itself that its owner is at work.</summary>
internal sealed class TrainingLease : IDisposable
{
    private readonly ReplicaFolder _folder;
    private readonly long _number;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _writing = new();
    private readonly ITimer _timer;
    private LeaseRecord _record;
    private long _renewedAt;
    private bool _isReleased;

    public TrainingLease(ReplicaFolder folder, long number, LeaseRecord record, TimeProvider time)
    {
        (_folder, _number, _record, _time, _renewedAt) = (folder, number, record, time, time.GetTimestamp());
        // Renewals that a slow file system holds up do not pile up.
        _timer = time.CreateTimer(_ => Renew(waits: false), null, ReplicaFolder.Beat, ReplicaFolder.Beat);
    }

    /// <summary>Gets a token that is cancelled when another process has the turn, or may have it.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Gets why it was lost, or null.</summary>
    public string? Loss { get; private set; }

    /// <summary>Makes sure that it is not another's turn by now.</summary>
    /// <exception cref="IOException">It is, or may be; the message says whose.</exception>
    public void Confirm()
    {
        Renew(waits: true);
        if (Loss is { } loss)
            throw new IOException(loss);
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_writing)
        {
            if (_isReleased)
                return;
            _isReleased = true;
            try
            {
                var now = _time.GetUtcNow();
                if (Loss is null)
                    ReplicaFile.Write(_folder.PathOf(_number), _record with { Renewed = now, Released = now });
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The others find it unchanged, and take the next turn a little later.
                Loss = e.Message;
            }
        }

        _lost.Dispose();
    }

    private void Renew(bool waits)
    {
        if (waits)
            _writing.Enter();
        else if (!_writing.TryEnter())
            return;
        try
        {
            if (_isReleased || Loss is not null)
                return;
            Loss = FindLoss();
        }
        finally
        {
            _writing.Exit();
        }

        // Not here: what ends with it disposes of the lease.
        if (Loss is not null)
            _ = _lost.CancelAsync();
    }

    /// <returns>Why it is lost, or null after it was renewed.</returns>
    private string? FindLoss()
    {
        try
        {
            if (_folder.SuccessorOf(_number) is { } successor)
                return $"another process ({successor}) has taken over the training: this one was not heard of for {ReplicaFolder.Silence.TotalSeconds:0} s";
            _record = _record with { Renewed = _time.GetUtcNow() };
            ReplicaFile.Write(_folder.PathOf(_number), _record);
            _renewedAt = _time.GetTimestamp();
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return _time.GetElapsedTime(_renewedAt) < ReplicaFolder.Silence
                ? null
                : $"another process may have taken over the training: this one could not say for {ReplicaFolder.Silence.TotalSeconds:0} s that it is at work: {e.Message}";
        }
    }
}
