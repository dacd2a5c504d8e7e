using AEAnomaly.Models.Torch.Tests.Judging;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures work beside the machine's peak, and beside other ways to do it: short slices of all in turn, so that a slow moment hits all of them.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="hasLibtorch">Whether libtorch is loaded; without it nothing is compared.</param>
internal sealed class Sampler(Options options, bool hasLibtorch)
{
    /// <summary>Processor time of a slice at least.</summary>
    public const double SliceSeconds = 0.004;

    private readonly long _peakIterations = Math.Max(1, (long)(SliceSeconds * 2e9 / 12));

    /// <summary>Measures one piece of work.</summary>
    /// <param name="name">Name for the report.</param>
    /// <param name="operations">Floating-point operations of one call that the result needs, padding not counted.</param>
    /// <param name="items">Items, such as rows, of one call.</param>
    /// <param name="work">The work.</param>
    /// <param name="createPeers">Creates other ways to do it, or null.</param>
    /// <param name="warmUpSeconds">Processor time until the runtime has compiled everything for the last time.</param>
    /// <returns>The medians, or null when this work was not asked for.</returns>
    public Sample? Measure(string name, double operations, int items, Action work, Func<IReadOnlyList<Peer>>? createPeers = null, double warmUpSeconds = 0.25)
    {
        if (!name.Contains(options.Only, StringComparison.Ordinal))
            return null;

        var (width, slices) = (options.Width, options.Slices);
        var peers = hasLibtorch && createPeers is not null ? createPeers() : [];
        Action[] works = [work, .. peers.Select(peer => peer.Work)];
        var calls = Array.ConvertAll(works, each => WarmUp(each, warmUpSeconds));
        var fractions = new double[slices];
        var seconds = works.Select(_ => new double[slices]).ToArray();
        for (var slice = 0; slice < slices; slice++)
        {
            using var quiet = NoCollection.Begin();
            var before = ThreadClock.Seconds;
            var peakOperations = FmaPeak.Run(width, _peakIterations);
            var peak = peakOperations / (ThreadClock.Seconds - before);
            for (var i = 0; i < works.Length; i++)
                seconds[i][slice] = Time(works[i], calls[i]) / calls[i];
            fractions[slice] = operations / seconds[0][slice] / peak;
        }

        var median = Median(seconds[0]);
        return new Sample(
            name,
            width.ToString(),
            Median(fractions),
            operations / median * 1e-9,
            median * 1e6,
            items / median,
            [.. peers.Select((peer, i) => Compare(peer.Name, seconds[i + 1], seconds[0]))]);
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
            if (QuietTime(work, calls) < SliceSeconds)
                calls *= 2;
        }

        // Calls that were counted while the code was still slow are too few now.
        while (QuietTime(work, calls) < SliceSeconds)
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

    private static double QuietTime(Action work, int calls)
    {
        using var quiet = NoCollection.Begin();
        return Time(work, calls);
    }

    private static PeerResult Compare(string name, double[] peer, double[] own)
    {
        var ratios = peer.Zip(own, (its, ours) => its / ours).Order().ToArray();
        return new PeerResult(name, Median(peer) * 1e6, ratios[ratios.Length / 2], ratios[0], ratios[^1]);
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
