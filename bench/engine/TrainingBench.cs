using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures training steps as a run takes them: gathering the rows, forward, losses, trimming, backward, clipping, AdamW.</summary>
internal static class TrainingBench
{
    public static IEnumerable<Sample?> Run(Sampler sampler)
    {
        foreach (var network in NetworkCase.All)
        {
            foreach (var batch in new[] { 256, 4096 })
                yield return Measure(sampler, network, batch);
        }
    }

    private static Sample? Measure(Sampler sampler, NetworkCase network, int batch)
    {
        var random = new Random(1);
        var values = new float[batch * network.Features];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((random.NextDouble() * 2) - 1);

        int[] rows = [.. Enumerable.Range(0, batch)];
        random.Shuffle(rows);
        var layout = FeatureLayout.AllReal(network.Features);
        var set = new TrainingSet(layout, values, batch);
        var options = new AutoencoderOptions { Hidden = [.. network.Encoder[1..^1]], Latent = network.Encoder[^1] };
        var (device, seeded) = (new CpuDevice(), new SeededRandom(1));
        var model = new PlainNetwork(options, layout, new ParameterSet(device), BlockWeights.Fit(set, rows), seeded);
        var fit = new TrainingOptions();
        using var step = new TrainingStep(device, set, fit, seeded);
        var objective = model.Phases[0].Objectives[0];
        var optimizer = new AdamW(device, objective.Parameters, fit.WeightDecay);
        return sampler.Measure(
            $"train {network}, batch {batch}",
            network.TrainOperations * batch,
            batch,
            () => step.Take(objective, optimizer, rows, progress: 0.5, learningRate: 1e-4),
            new PeerWork("train", network, batch),
            warmUpSeconds: 2);
    }

    // ReLU on the code, as the peer's; no noise.
    private sealed class PlainNetwork(VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : DenseAutoencoder(options, layout, parameters, blockWeights, random, AEAnomaly.Models.Frozen.Activation.Relu)
    {
        protected override bool RowsAreIndependent => true;
    }
}
