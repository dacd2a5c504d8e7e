namespace AEAnomaly.TestKit;

/// <summary>One broker of a cluster that a test controls.</summary>
internal abstract class BrokerNode : IAsyncDisposable
{
    /// <summary>The node's id within its cluster, from 1.</summary>
    public abstract int Id { get; }

    /// <summary>The address that clients connect to, the same in each of its lives.</summary>
    public abstract string Address { get; }

    /// <summary>Starts it, or starts it again with its data; returns before it serves clients.</summary>
    public abstract Task StartAsync();

    /// <summary>Asks it to end in an orderly way (SIGTERM); returns before or after it has.</summary>
    public abstract Task TerminateAsync();

    /// <summary>Kills it (SIGKILL).</summary>
    public abstract Task KillAsync();

    /// <summary>Freezes it: its connections stay open and nothing answers.</summary>
    public abstract Task PauseAsync();

    /// <summary>Lets it go on after <see cref="PauseAsync"/>.</summary>
    public abstract Task ResumeAsync();

    /// <summary>Whether it lives, frozen or not.</summary>
    public abstract Task<bool> IsRunningAsync();

    /// <summary>What it printed so far.</summary>
    public abstract Task<string> ReadLogAsync();

    /// <summary>The end of what it printed.</summary>
    public async Task<string> ReadLogTailAsync() => string.Join('\n', (await ReadLogAsync()).TrimEnd().Split('\n').TakeLast(30));

    /// <summary>Kills it if need be, and deletes its data.</summary>
    public abstract ValueTask DisposeAsync();
}
