namespace AEAnomaly.Host.Workers;

/// <summary>Remembers the first failure of a worker, for the exit code.</summary>
internal sealed class WorkerOutcome
{
    private volatile string? _failure;

    /// <summary>Gets what failed, or null.</summary>
    public string? Failure => _failure;

    /// <summary>Notes a failure; the first one stays.</summary>
    public void Fail(string detector, Exception exception) =>
        Interlocked.CompareExchange(ref _failure, $"Detector '{detector}': {exception.Message}", null);
}
