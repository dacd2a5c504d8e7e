namespace AEAnomaly.Host.Daemon;

/// <summary>Leaves signals to the program: the host's own lifetime would take every one, also the second, which has to end a process that hangs.</summary>
internal sealed class ProgramLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
