using AEAnomaly.Models.Features;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures whole training steps: batch, forward, backward, clipping, AdamW.</summary>
internal static class TrainingBench
{
    private const int Steps = 200;

    private static readonly (string Name, int[] Widths)[] Networks =
    [
        ("small 30-64-32-16-32-64-30", [30, 64, 32, 16]),
        ("big 128-256-128-32-128-256-128", [128, 256, 128, 32]),
    ];

    public static IEnumerable<Sample> Run(Sampler sampler)
    {
        foreach (var (name, widths) in Networks)
        {
            foreach (var batch in new[] { 256, 4096 })
                yield return Measure(sampler, $"train {name}, batch {batch}", widths, batch, Steps * 256 / batch);
        }
    }

    private static Sample Measure(Sampler sampler, string name, int[] widths, int batch, int steps)
    {
        var random = new Random(1);
        var values = new float[(batch + 64) * 2 * widths[0]];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((random.NextDouble() * 2) - 1);

        var set = new TrainingSet(FeatureLayout.AllReal(widths[0]), values, values.Length / widths[0]);
        var variant = new AutoencoderOptions { Hidden = [.. widths[1..^1]], Latent = widths[^1] };

        // Little is held out and nothing stops early: what is left is the steps themselves.
        var options = new TrainingOptions { BatchSize = batch, MaxSteps = steps, HeldOutShare = 0.05, Patience = 0 };
        var multiplications = 0d;
        for (var i = 0; i + 1 < widths.Length; i++)
        {
            // Encoder and decoder; forward, weight gradient, input gradient. The first layer needs no input gradient.
            multiplications += (double)widths[i] * widths[i + 1] * (i == 0 ? 5 : 6);
        }

        return sampler.Measure(
            name, 2 * multiplications * batch * steps, batch * steps, () => ModelTrainer.Train(set, variant, options, TimeProvider.System), warmUpSeconds: 3);
    }
}
