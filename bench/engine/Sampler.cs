using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures work beside the machine's peak: short slices of both in turn, so that a slow moment hits both.</summary>
internal sealed class Sampler(VectorWidth width, int slices)
{
    private const double SliceSeconds = 0.004;

    private readonly long _peakIterations = Math.Max(1, (long)(SliceSeconds * 2e9 / 12));

    /// <summary>Measures one piece of work.</summary>
    /// <param name="name">Name for the report.</param>
    /// <param name="operations">Floating-point operations of one call that the result needs, padding not counted.</param>
    /// <param name="items">Items, such as rows, of one call.</param>
    /// <param name="work">The work.</param>
    /// <param name="warmUpSeconds">Processor time until the runtime has compiled everything for the last time.</param>
    public Sample Measure(string name, double operations, int items, Action work, double warmUpSeconds = 0.25)
    {
        var calls = 1;
        for (var (start, last) = (ThreadClock.Seconds, 0d); ThreadClock.Seconds - start < warmUpSeconds;)
        {
            last = Time(work, calls);
            if (last < SliceSeconds)
                calls *= 2;
        }

        // Calls that were counted while the code was still slow are too few now.
        while (Time(work, calls) < SliceSeconds)
            calls *= 2;

        var (fractions, seconds) = (new double[slices], new double[slices]);
        for (var i = 0; i < slices; i++)
        {
            var before = ThreadClock.Seconds;
            var peakOperations = FmaPeak.Run(width, _peakIterations);
            var peak = peakOperations / (ThreadClock.Seconds - before);
            seconds[i] = Time(work, calls) / calls;
            fractions[i] = operations / seconds[i] / peak;
        }

        Array.Sort(fractions);
        Array.Sort(seconds);
        var median = seconds[slices / 2];
        return new Sample(name, width.ToString(), fractions[slices / 2], operations / median * 1e-9, median * 1e6, items / median);
    }

    private static double Time(Action work, int calls)
    {
        var before = ThreadClock.Seconds;
        for (var i = 0; i < calls; i++)
            work();
        return ThreadClock.Seconds - before;
    }
}
