using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Variants.Denoising;

namespace AEAnomaly.Models.Tests.Variants.Denoising;

public sealed class StackedDenoisingAutoencoderTests
{
    private static readonly TrainingSet Rows = SyntheticRows.Manifold(2000, 10, intrinsic: 3, noise: 0.1, seed: 131);

    [Fact]
    public void Fit_EveryPhase_ItsLossFalls()
    {
        var network = TestNetworks.Create<StackedDenoisingAutoencoder>(Options(0.6), Rows);
        var reports = new Recorder();
        var report = TestNetworks.Fit(network, Rows, 1000, 2e-3, 256, reports);

        Assert.Equal(1000, report.Steps);
        Assert.Equal(
            ["pre-training layer 1", "pre-training layer 2", "pre-training layer 3", "fine-tuning"], reports.Seen.Select(seen => seen.Phase).Distinct());
        Assert.Equal([.. Enumerable.Range(1, 20).Select(i => i * 50)], reports.Seen.Select(seen => seen.Step));
        foreach (var phase in reports.Seen.GroupBy(seen => seen.Phase))
        {
            Assert.True(
                phase.Last().TrainingLoss < 0.95 * phase.First().TrainingLoss,
                $"{phase.Key}: the loss went from {phase.First().TrainingLoss} to {phase.Last().TrainingLoss}.");
        }
    }

    [Fact]
    public void Phases_OfOneLayer_LeaveTheOtherLayersAlone()
    {
        var network = TestNetworks.Create<StackedDenoisingAutoencoder>(Options(0.6), Rows);
        var second = network.Phases[1].Objectives[0].Parameters.Select(parameter => parameter.Name).Order();
        Assert.Equal(["decoder.1.bias", "decoder.1.weight", "encoder.1.bias", "encoder.1.weight"], second);
        Assert.Equal(1, network.Phases.Sum(phase => phase.Share), 1e-12);
    }

    [Fact]
    public void Fit_PreTrained_FineTuningStartsLowerThanFromRandomWeights()
    {
        var random = TestNetworks.Create<StackedDenoisingAutoencoder>(Options(0.6), Rows);
        var untrained = HeldOut(random);

        // All steps but a hundredth are pre-training; those that remain cannot do the work.
        var network = TestNetworks.Create<StackedDenoisingAutoencoder>(Options(0.99), Rows);
        var reports = new Recorder();
        TestNetworks.Fit(network, Rows, 1200, 2e-3, 256, reports);
        var start = reports.Seen.First(seen => seen.Phase == "fine-tuning").HeldOutLoss;
        Assert.True(start < 0.5 * untrained, $"Fine-tuning starts at {start}; random weights at {untrained}.");
    }

    private static double HeldOut(StackedDenoisingAutoencoder network) =>
        network.RowLosses(null, TestNetworks.All(network, Rows), LossContext.HeldOut).ToArray().Average(loss => (double)loss);

    private static StackedDenoisingOptions Options(double share) =>
        new() { Hidden = [48, 32], Latent = 24, PreTrainingShare = share, NoiseDeviation = 0.5 };

    private sealed class Recorder : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Seen { get; } = [];

        public void Report(TrainingProgress value) => Seen.Add(value);
    }
}
