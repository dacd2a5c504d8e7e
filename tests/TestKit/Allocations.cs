namespace AEAnomaly.TestKit;

/// <summary>Measures what work allocates once it has all it needs.</summary>
public static class Allocations
{
    private const int WarmUps = 3;
    private const int Rounds = 5;
    private const int CallsOfRound = 20;

    /// <summary>Runs work until it is warm, then some rounds more on the same thread.</summary>
    /// <param name="work">Work; what it allocates in each round is found, what it grows once is not.</param>
    /// <param name="calls">Calls of a round: what is allocated only now and then is found as well.</param>
    /// <returns>Bytes of the round with the fewest: now and then the runtime allocates for itself, say when it compiles a loop anew.</returns>
    public static long InSteadyState(Action work, int calls = CallsOfRound)
    {
        ArgumentNullException.ThrowIfNull(work);
        for (var i = 0; i < WarmUps; i++)
            work();
        var least = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var call = 0; call < calls; call++)
                work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
