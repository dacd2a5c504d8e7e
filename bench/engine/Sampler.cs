namespace AEAnomaly.Bench.Engine;

/// <summary>Measures work beside the machine's peak, and beside a peer: short slices of all in turn, so that a slow moment hits all of them.</summary>
internal sealed class Sampler(Options options, TorchPeer? torch)
{
    /// <summary>Processor time of a slice at least.</summary>
    public const double SliceSeconds = 0.004;

    private readonly long _peakIterations = Math.Max(1, (long)(SliceSeconds * 2e9 / 12));

    /// <summary>Measures one piece of work.</summary>
    /// <param name="name">Name for the report.</param>
    /// <param name="operations">Floating-point operations of one call that the result needs, padding not counted.</param>
    /// <param name="items">Items, such as rows, of one call.</param>
    /// <param name="work">The work.</param>
    /// <param name="peerWork">The same for the peer, or null.</param>
    /// <param name="warmUpSeconds">Processor time until the runtime has compiled everything for the last time.</param>
    /// <returns>The medians, or null when this work was not asked for.</returns>
    public Sample? Measure(string name, double operations, int items, Action work, PeerWork? peerWork = null, double warmUpSeconds = 0.25)
    {
        if (!name.Contains(options.Only, StringComparison.Ordinal))
            return null;

        var (width, slices) = (options.Width, options.Slices);
        var calls = WarmUp(work, warmUpSeconds);
        var modes = torch is null || peerWork is null ? [] : torch.Greeting.Modes[peerWork.Work];
        foreach (var mode in modes)
            torch!.Measure(peerWork!, mode, SliceSeconds);

        var (fractions, seconds) = (new double[slices], new double[slices]);
        var ratios = modes.Select(_ => new double[slices]).ToArray();
        for (var i = 0; i < slices; i++)
        {
            var before = ThreadClock.Seconds;
            var peakOperations = FmaPeak.Run(width, _peakIterations);
            var peak = peakOperations / (ThreadClock.Seconds - before);
            seconds[i] = Time(work, calls) / calls;
            fractions[i] = operations / seconds[i] / peak;
            for (var m = 0; m < modes.Length; m++)
                ratios[m][i] = torch!.Measure(peerWork!, modes[m], SliceSeconds) / seconds[i];
        }

        Array.Sort(fractions);
        Array.Sort(seconds);
        var median = seconds[slices / 2];
        return new Sample(
            name, width.ToString(), fractions[slices / 2], operations / median * 1e-9, median * 1e6, items / median, Best(modes, ratios));
    }

    /// <summary>Repeats work until the runtime has compiled it for the last time.</summary>
    /// <param name="work">The work.</param>
    /// <param name="seconds">Processor time that this takes.</param>
    /// <returns>Calls that fill a slice.</returns>
    public static int WarmUp(Action work, double seconds)
    {
        var calls = 1;
        for (var start = ThreadClock.Seconds; ThreadClock.Seconds - start < seconds;)
        {
            if (Time(work, calls) < SliceSeconds)
                calls *= 2;
        }

        // Calls that were counted while the code was still slow are too few now.
        while (Time(work, calls) < SliceSeconds)
            calls *= 2;
        return calls;
    }

    /// <summary>Measures the processor time of calls, in seconds.</summary>
    public static double Time(Action work, int calls)
    {
        var before = ThreadClock.Seconds;
        for (var i = 0; i < calls; i++)
            work();
        return ThreadClock.Seconds - before;
    }

    private static PeerResult? Best(string[] modes, double[][] ratios)
    {
        if (modes.Length == 0)
            return null;

        var medians = new Dictionary<string, double>();
        for (var m = 0; m < modes.Length; m++)
        {
            Array.Sort(ratios[m]);
            medians[modes[m]] = ratios[m][ratios[m].Length / 2];
        }

        var best = medians.MinBy(pair => pair.Value);
        var sorted = ratios[Array.IndexOf(modes, best.Key)];
        return new PeerResult(best.Key, best.Value, sorted[0], sorted[^1], medians);
    }
}
