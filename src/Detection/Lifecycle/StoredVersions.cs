using AEAnomaly.Detection.Registry;
using AEAnomaly.Models.Persistence;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Lets stored versions score: the current one at start, and each that another process makes the current one.</summary>
internal sealed class StoredVersions(DetectorContext context, IModelStore store, CurrentModel current)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(5);

    private Refusal? _refused;

    /// <summary>Lets the current version score, or, where that is damaged, the newest that is whole.</summary>
    /// <returns>Why a stored version cannot be used, or null.</returns>
    public string? LoadCurrent()
    {
        var refusal = Load(null);
        if (refusal is not null)
            _refused = new Refusal(Pointer(out _), refusal.Message, IsSaid: true, context.Time.GetTimestamp(), LookEvery);
        // Where the fields are others, no older version is better.
        return refusal is ModelFileException && TryLoadOlder(refusal.Message) ? null : refusal?.Message;
    }

    /// <summary>Lets the current version score where it has become another one.</summary>
    /// <returns>Whether a version scores now.</returns>
    public bool TryTakeOver()
    {
        var version = Pointer(out var problem);
        if (problem is null && (version is null || version == current.Manifest?.Version))
        {
            _refused = null;
            current.ShowStoreProblem(null);
        }
        else if (_refused is not { } refused || refused.Version != version || context.Time.GetElapsedTime(refused.At) >= refused.Retry)
        {
            problem ??= TryTakeOver(version!);
            if (problem is not null)
                Refuse(version, problem);
        }

        return current.Active is not null;
    }

    /// <summary>Looks again and again, until cancelled; beside scoring, which notices nothing until the next batch.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, context.Time);
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            TryTakeOver();
    }

    // A damaged file must not leave a stream unscored for as long as a training takes, where a version beside it is whole.
    private bool TryLoadOlder(string why)
    {
        foreach (var version in store.List(context.Name).Where(version => version is { Problem: null, Current: false }))
        {
            Load(version.Version);
            if (current.Active is null)
                continue;
            current.ShowStoreProblem(InPlaceOfCurrent(why));
            return true;
        }

        return false;
    }

    /// <summary>Lets a stored version score, where there is one.</summary>
    /// <returns>Why it cannot be used, or null.</returns>
    private Exception? Load(string? version)
    {
        try
        {
            if (store.Load(context.Name, version, context.Spec) is { } snapshot)
            {
                DetectorLog.Loaded(context.Logger, context.Name, snapshot.Version);
                current.Activate(snapshot);
            }

            return null;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            DetectorLog.StoredVersionRefused(context.Logger, e, context.Name);
            return e;
        }
    }

    /// <returns>Why it cannot be used, or null.</returns>
    private Exception? TryTakeOver(string version)
    {
        try
        {
            if (store.Load(context.Name, version, context.Spec) is { } snapshot)
                current.TakeOver(store, snapshot);
            return null;
        }
        catch (Exception e) when (IsRefusal(e) || e is KeyNotFoundException)
        {
            return e;
        }
    }

    // Said when it is met the second time: on a network file system the pointer may be seen before what it names.
    private void Refuse(string? version, Exception problem)
    {
        var (isKnown, isSaid, retry) = _refused is { } known && known.Version == version ? (true, known.IsSaid && known.Problem == problem.Message, known.Retry) : (false, false, LookEvery);
        if (isKnown && !isSaid)
        {
            DetectorLog.StoredVersionRefused(context.Logger, problem, context.Name);
            if (current.Active is not null)
                current.ShowStoreProblem(InPlaceOfCurrent(problem.Message));
        }

        var doubled = retry * 2 < LongestRetry ? retry * 2 : LongestRetry;
        _refused = new Refusal(version, problem.Message, isKnown, context.Time.GetTimestamp(), isKnown ? doubled : LookEvery);
    }

    /// <returns>The version that is the current one, null for none.</returns>
    private string? Pointer(out Exception? problem)
    {
        problem = null;
        try
        {
            return store.CurrentVersion(context.Name);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            problem = e;
            return null;
        }
    }

    private static bool IsRefusal(Exception e) => e is SpecMismatchException or ModelFileException or IOException or UnauthorizedAccessException;

    private static string InPlaceOfCurrent(string why) => $"in place of the current one, which cannot be used: {why}";

    /// <summary>What cannot be used, and when it is looked at again; no version where the pointer itself cannot.</summary>
    private sealed record Refusal(string? Version, string Problem, bool IsSaid, long At, TimeSpan Retry);
}
