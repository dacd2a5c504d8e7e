using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Tests.Training;

/// <summary>Builds and fits networks without the trainer's split, so that a test knows what was learned from.</summary>
internal static class TestNetworks
{
    /// <summary>Builds a network with block weights of 1.</summary>
    public static T Create<T>(VariantOptions options, TrainingSet set, ulong seed = 1)
        where T : Network =>
        (T)VariantCatalog.Define(options).CreateNetwork(
            VariantCatalog.Define(options).Resolve(options, set.Layout),
            set.Layout,
            new ParameterSet(new CpuDevice()),
            [.. Enumerable.Repeat(1f, set.Layout.BlockCount)],
            new SeededRandom(seed));

    /// <summary>Fits a network to all rows, without trimming, decay or early stopping.</summary>
    public static TrainingReport Fit(
        Network network, TrainingSet set, int steps, double rate, int batch, IProgress<TrainingProgress>? progress = null)
    {
        int[] rows = [.. Enumerable.Range(0, set.Rows)];
        var options = new TrainingOptions { MaxSteps = steps, LearningRate = rate, BatchSize = batch, TrimShare = 0, WeightDecay = 0, Patience = 0 };
        using var run = new TrainingRun(network, set, options, rows, rows, new SeededRandom(2));
        return run.Execute(progress, CancellationToken.None);
    }

    /// <summary>Gathers every row of a set.</summary>
    public static Batch All(Network network, TrainingSet set) =>
        new BatchSource(network.Parameters.Device, set).Gather([.. Enumerable.Range(0, set.Rows)]);
}
