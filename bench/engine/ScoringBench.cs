using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures forward pass and score of frozen networks.</summary>
internal static class ScoringBench
{
    public static IEnumerable<Sample?> Run(Sampler sampler, VectorWidth width)
    {
        foreach (var network in NetworkCase.All)
        {
            var model = Freeze(FeatureLayout.AllReal(network.Features), network, width);
            foreach (var batch in new[] { 1, 8, 16, 24, 256, 4096 })
            {
                Func<IReadOnlyList<Peer>>? peers = batch is 1 or 256 or 4096 ? () => [LibtorchPeers.Scorer(network, batch)] : null;
                yield return Measure(sampler, $"score {network}, batch {batch}", model, network, batch, missing: [], peers);
            }

            var flags = new byte[256 * network.Features];
            for (var i = 0; i < flags.Length; i += 37)
                flags[i] = 1;
            yield return Measure(sampler, $"score {network}, batch 256, some missing", model, network, 256, flags, null);
        }

        var mixed = new FeatureLayout(
        [
            .. Enumerable.Range(0, 10).Select(i => new FeatureBlock(i, 1, BlockKind.Real)),
            .. Enumerable.Range(10, 4).Select(i => new FeatureBlock(i, 1, BlockKind.Binary)),
            new FeatureBlock(14, 8, BlockKind.Category),
            new FeatureBlock(22, 8, BlockKind.Category),
        ]);
        var small = NetworkCase.All[0];
        yield return Measure(sampler, $"score {small} of mixed kinds, batch 256", Freeze(mixed, small, width), small, 256, [], null);
    }

    private static Sample? Measure(Sampler sampler, string name, FrozenModel model, NetworkCase network, int batch, byte[] missing, Func<IReadOnlyList<Peer>>? peers)
    {
        var scratch = model.CreateScratch();
        var rows = Uniform(batch * network.Features, 1, seed: 2);
        var scores = new float[batch];
        return sampler.Measure(name, network.ScoreOperations * batch, batch, () => model.Score(rows, missing, scores, scratch), peers);
    }

    private static FrozenModel Freeze(FeatureLayout layout, NetworkCase network, VectorWidth width)
    {
        var widths = network.Widths;
        var layers = new List<DenseLayer>();
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            var activation = i + 2 < widths.Length ? Activation.Relu : Activation.Identity;
            layers.Add(new DenseLayer(Uniform(widths[i] * widths[i + 1], Math.Sqrt(3.0 / widths[i]), i), new float[widths[i + 1]], activation));
        }

        var weights = Enumerable.Repeat(1f, layout.BlockCount).ToArray();
        return FrozenDenseModel.Create(layout, weights, layers, latentLayer: (layers.Count / 2) - 1, width: width);
    }

    private static float[] Uniform(int count, double scale, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(((random.NextDouble() * 2) - 1) * scale))];
    }
}
