using Microsoft.Extensions.Time.Testing;

namespace AEAnomaly.Detection.Tests;

/// <summary>A clock that stands still until a test moves it, and tells how many timers wait for that.</summary>
/// <param name="start">The first time it shows.</param>
public sealed class WatchedTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _timers;

    /// <summary>Gets how many timers there are that were not disposed of; lets a test wait until the code under test has begun to wait.</summary>
    public int Timers => Volatile.Read(ref _timers);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _timers);
        return new WatchedTimer(this, base.CreateTimer(callback, state, dueTime, period));
    }

    private sealed class WatchedTimer(WatchedTimeProvider clock, ITimer timer) : ITimer
    {
        private int _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
                Interlocked.Decrement(ref clock._timers);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
