using System.Diagnostics;

namespace AEAnomaly.TestKit;

/// <summary>Waits for a condition within a bound, instead of sleeping for a guessed time.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">Asked again and again; it may be costly, since the pause follows its answer.</param>
    /// <param name="bound">The longest wait.</param>
    /// <param name="what">What is waited for, as the end of "not within 20 s: ...".</param>
    /// <param name="state">Describes what was found instead, for the message.</param>
    /// <exception cref="TimeoutException">The condition did not hold within <paramref name="bound"/>.</exception>
    public static Task TrueAsync(Func<bool> condition, TimeSpan bound, string what, Func<string>? state = null) =>
        TrueAsync(() => Task.FromResult(condition()), bound, what, state);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan, string, Func{string}?)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan bound, string what, Func<string>? state = null)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > bound)
            {
                throw new TimeoutException($"not within {bound.TotalSeconds:0.#} s: {what}{(state is null ? "" : $"; found: {state()}")}");
            }

            await Task.Delay(Pause);
        }
    }
}
