using AEAnomaly.Detection.Replicas;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Has one process at a time train a version of a detector, where several share its models, and tells them of this one.</summary>
/// <param name="context">Detector.</param>
/// <param name="replicas">Where they tell one another; null where nobody shares the models.</param>
internal sealed class TrainingTurns(DetectorContext context, ReplicaFolder? replicas)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    private string? _heldBy;
    private bool _isSilent;

    /// <summary>Gets whether others may share the models.</summary>
    public bool AreShared => replicas is not null;

    /// <summary>Gets whether others do.</summary>
    public bool HasOthers => replicas is { Others.Count: > 0 };

    /// <summary>Takes the turn to train, where it is nobody else's.</summary>
    /// <remarks>In a folder that cannot be written a process goes on as if it were alone: it can store no version either, so nobody else's training is disturbed.</remarks>
    public LeaseAttempt TryTake(string purpose)
    {
        if (replicas is null)
            return LeaseAttempt.Alone;
        LeaseAttempt attempt;
        try
        {
            attempt = replicas.TryTake(purpose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SaySilent(e);
            return LeaseAttempt.Alone;
        }

        if (!attempt.IsHeld)
        {
            _heldBy = null;
            if (attempt.Standing is { Released: null })
                DetectorLog.TurnInherited(context.Logger, context.Name, attempt.Owner, attempt.Since);
        }
        else if (attempt.Owner != _heldBy)
        {
            _heldBy = attempt.Owner;
            DetectorLog.AnotherTrains(context.Logger, context.Name, attempt.Owner, attempt.Standing?.Purpose ?? "unknown", attempt.Since);
        }

        return attempt;
    }

    /// <summary>Waits until it is this process's turn.</summary>
    /// <param name="purpose">Why it trains.</param>
    /// <param name="waits">Called while it is another's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<LeaseAttempt> TakeAsync(string purpose, Action<LeaseAttempt> waits, CancellationToken cancellationToken)
    {
        while (true)
        {
            var attempt = TryTake(purpose);
            if (!attempt.IsHeld)
                return attempt;
            waits(attempt);
            await WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits as long as suits whoever asks again.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(AskEvery, context.Time, cancellationToken);

    /// <summary>Says again and again that this process is at work, until cancelled.</summary>
    public async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        if (replicas is null)
            return;
        using var timer = new PeriodicTimer(ReplicaFolder.Beat, context.Time);
        try
        {
            do
                Tell(replicas.Announce);
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            Tell(replicas.Leave);
        }
    }

    private void Tell(Action act)
    {
        try
        {
            act();
            _isSilent = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            SaySilent(e);
        }
    }

    // Once, until it can be written again.
    private void SaySilent(Exception exception)
    {
        if (_isSilent)
            return;
        _isSilent = true;
        DetectorLog.ReplicasNotTold(context.Logger, exception, context.Name, replicas!.Folder);
    }
}
