using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Torch;
using TorchSharp;
using Device = AEAnomaly.Models.Tensors.Device;

namespace AEAnomaly.Bench.Engine;

/// <summary>Measures training steps as a run takes them: gathering the rows, forward, losses, trimming, backward, clipping, AdamW.</summary>
internal static class TrainingBench
{
    private const double LearningRate = 1e-4;

    // As a run does: at each measurement on held-out rows.
    private const int StepsBetweenReads = 50;

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
        var fit = new TrainingOptions();
        return sampler.Measure(
            $"train {network}, batch {batch}",
            network.TrainOperations * batch,
            batch,
            Step(new CpuDevice(), network, set, rows, fit),
            () =>
            [
                LibtorchPeers.Trainer(network, batch, LearningRate, fit.WeightDecay),
                new Peer(LibtorchPeers.Device, Step(new TorchDevice(torch.CPU), network, set, rows, fit)),
            ],
            warmUpSeconds: 2);
    }

    private static Action Step(Device device, NetworkCase network, TrainingSet set, int[] rows, TrainingOptions fit)
    {
        var options = new AutoencoderOptions { Hidden = [.. network.Encoder[1..^1]], Latent = network.Encoder[^1] };
        var random = new SeededRandom(1);
        var model = new PlainNetwork(options, set.Layout, new ParameterSet(device), BlockWeights.Fit(set, rows), random);
        var step = new TrainingStep(device, set, fit, random);
        var objective = model.Phases[0].Objectives[0];
        var optimizer = new AdamW(device, objective.Parameters, fit.WeightDecay);
        var taken = 0;
        return () =>
        {
            step.Take(objective, optimizer, rows, progress: 0.5, LearningRate);
            if (++taken % StepsBetweenReads == 0)
                step.ReadLosses();
        };
    }

    // ReLU on the code, as the modules of libtorch; no noise.
    private sealed class PlainNetwork(VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : DenseAutoencoder(options, layout, parameters, blockWeights, random, AEAnomaly.Models.Frozen.Activation.Relu)
    {
        protected override bool RowsAreIndependent => true;
    }
}
