namespace AEAnomaly.Host.Workers;

/// <summary>Counts the workers that ended and remembers the first failure, for the exit code.</summary>
/// <param name="workers">Workers there are.</param>
internal sealed class WorkerOutcome(int workers)
{
    private volatile string? _failure;
    private int _left = workers;

    /// <summary>Gets what failed, or null.</summary>
    public string? Failure => _failure;

    /// <summary>Notes a failure; the first one stays.</summary>
    /// <returns>Whether it was the last worker.</returns>
    public bool Fail(string detector, Exception exception)
    {
        Interlocked.CompareExchange(ref _failure, $"Detector '{detector}': {exception.Message}", null);
        return Interlocked.Decrement(ref _left) == 0;
    }
}
