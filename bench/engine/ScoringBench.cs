using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures forward pass and score of frozen networks.</summary>
internal static class ScoringBench
{
    private static readonly (string Name, int[] Widths)[] Networks =
    [
        ("small 30-64-32-16-32-64-30", [30, 64, 32, 16, 32, 64, 30]),
        ("big 128-256-128-32-128-256-128", [128, 256, 128, 32, 128, 256, 128]),
    ];

    public static IEnumerable<Sample> Run(Sampler sampler, VectorWidth width)
    {
        foreach (var (name, widths) in Networks)
        {
            var model = Freeze(FeatureLayout.AllReal(widths[0]), widths, width);
            foreach (var batch in new[] { 1, 8, 16, 24, 256, 4096 })
                yield return Measure(sampler, $"score {name}, batch {batch}", model, widths, batch, missing: []);

            var flags = new byte[256 * widths[0]];
            for (var i = 0; i < flags.Length; i += 37)
                flags[i] = 1;
            yield return Measure(sampler, $"score {name}, batch 256, some missing", model, widths, 256, flags);
        }

        var mixed = new FeatureLayout(
        [
            .. Enumerable.Range(0, 10).Select(i => new FeatureBlock(i, 1, BlockKind.Real)),
            .. Enumerable.Range(10, 4).Select(i => new FeatureBlock(i, 1, BlockKind.Binary)),
            new FeatureBlock(14, 8, BlockKind.Category),
            new FeatureBlock(22, 8, BlockKind.Category),
        ]);
        var (small, smallWidths) = Networks[0];
        yield return Measure(sampler, $"score {small} of mixed kinds, batch 256", Freeze(mixed, smallWidths, width), smallWidths, 256, []);
    }

    private static Sample Measure(Sampler sampler, string name, FrozenModel model, int[] widths, int batch, byte[] missing)
    {
        var scratch = model.CreateScratch();
        var rows = Uniform(batch * widths[0], 1, seed: 2);
        var scores = new float[batch];
        var operations = 0d;
        for (var i = 0; i + 1 < widths.Length; i++)
            operations += 2.0 * batch * widths[i] * widths[i + 1];
        return sampler.Measure(name, operations, batch, () => model.Score(rows, missing, scores, scratch));
    }

    private static FrozenModel Freeze(FeatureLayout layout, int[] widths, VectorWidth width)
    {
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
