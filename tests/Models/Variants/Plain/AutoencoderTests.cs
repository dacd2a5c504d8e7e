using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Variants.Plain;

public sealed class AutoencoderTests
{
    [Fact]
    public void RowLosses_SmallBatch_IsOverfittedToZero()
    {
        var set = SyntheticRows.Mixed(12, missingShare: 0, seed: 61);
        var device = new CpuDevice();
        var parameters = new ParameterSet(device);
        var options = new AutoencoderOptions { Hidden = [64, 64], Latent = 8 };
        var network = new Autoencoder(options, set.Layout, parameters, [.. Enumerable.Repeat(1f, set.Layout.BlockCount)], new SeededRandom(1));
        var optimizer = new AdamW(device, parameters.All, 0);
        var batch = new BatchSource(device, set).Gather([.. Enumerable.Range(0, 12)]);
        var tape = new Tape(device);
        var first = network.Scores(batch).ToArray().Max();
        for (var step = 0; step < 1500; step++)
        {
            using var scope = device.BeginScope();
            tape.Clear();
            optimizer.Watch(tape);
            tape.Backward(network.RowLosses(tape, batch, LossContext.HeldOut));
            optimizer.Step(tape, 2e-3, 0);
        }

        var last = network.Scores(batch).ToArray().Max();
        Assert.True(last < 0.001 * first, $"The worst row's loss fell from {first} to {last}.");
    }

    [Fact]
    public void Train_KnownIntrinsicDimension_BottleneckBelowItCannotReconstruct()
    {
        var set = SyntheticRows.Manifold(4000, 12, intrinsic: 4, noise: 0.02, seed: 62);
        var (narrow, exact, wide) = (HeldOutLoss(2), HeldOutLoss(4), HeldOutLoss(6));
        Assert.True(narrow > 5 * exact, $"Held-out loss: {narrow} at width 2, {exact} at width 4.");
        Assert.True(wide > exact / 3, $"Held-out loss: {exact} at width 4, {wide} at width 6.");

        double HeldOutLoss(int latent) => ModelTrainer.Train(
            set, new AutoencoderOptions { Latent = latent }, new TrainingOptions { MaxSteps = 1500 }, TimeProvider.System).Report.HeldOutLoss;
    }

    [Fact]
    public void Score_SingleExtremeValue_IsNotCarriedThrough()
    {
        var set = SyntheticRows.Mixed(3000, missingShare: 0, seed: 64);
        var model = ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions { MaxSteps = 800 }, TimeProvider.System);
        var fresh = SyntheticRows.Mixed(500, missingShare: 0, seed: 65);
        var limit = ModelTrainerTests.Scores(model, fresh).Order().ElementAt(495);
        for (var row = 0; row < fresh.Rows; row++)
            fresh.Values[row * fresh.Layout.Width] = 10;
        var extreme = ModelTrainerTests.Scores(model, fresh);
        Assert.All(extreme, score => Assert.True(score > limit, $"A value of 10 scores {score}; 99 % of normal rows stay below {limit}."));
    }

    [Fact]
    public void Train_SteadyState_AllocatesNoLargeArrays()
    {
        var set = SyntheticRows.Manifold(3000, 60, 4, 0.1, seed: 63);
        var options = new AutoencoderOptions();
        Train(50);
        var few = Allocated(100);
        var many = Allocated(600);
        var bytesPerStep = (many - few) / 500.0;

        // One activation of a batch is 131,072 bytes; what is left are closures, tape entries and the trimming's keys.
        Assert.True(bytesPerStep < 50_000, $"A step allocates {bytesPerStep:F0} bytes.");

        long Allocated(int steps)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Train(steps);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void Train(int steps) => ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = steps, Patience = 0 }, TimeProvider.System);
    }
}
