using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Optimization;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Denoising;
using AEAnomaly.Models.Variants.Masked;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Tests.Fitting;

public sealed class TrainingStepTests
{
    // 1 row and 255 are one chunk, 700 are three; a wide network is split even at one chunk.
    [Theory]
    [InlineData(1, 8)]
    [InlineData(255, 8)]
    [InlineData(700, 8)]
    [InlineData(255, 1200)]
    public void Take_BatchInChunks_FollowsTheGradientOfTheWhole(int rows, int hidden)
    {
        var set = SyntheticRows.Mixed(rows, missingShare: 0.1, seed: 3);
        var (split, whole) = (Train(set, hidden, steps: 1, threads: 1), Whole(set, hidden));

        // Adam divides by the gradient's own size, so the first step shows its direction only: the moments hold the gradient itself.
        AssertClose(whole.Losses, split.Losses, 1e-6);
        AssertClose(whole.Gradients, split.Gradients, 2e-5);
    }

    [Theory]
    [InlineData(255, 8)]
    [InlineData(700, 8)]
    [InlineData(255, 1200)]
    public void Take_TwoThreads_GivesTheBitsOfOne(int rows, int hidden)
    {
        var set = SyntheticRows.Mixed(rows, missingShare: 0.1, seed: 4);
        var (one, two) = (Train(set, hidden, steps: 20, threads: 1), Train(set, hidden, steps: 20, threads: 2));

        Assert.Equal(one.Losses, two.Losses);
        Assert.Equal(one.Weights, two.Weights);
    }

    [Fact]
    public void Train_TwoThreads_GivesTheWeightsOfOne()
    {
        var set = SyntheticRows.Mixed(2000, missingShare: 0.1, seed: 5);
        var options = new TrainingOptions { MaxSteps = 60, BatchSize = 600 };
        foreach (var variant in new VariantOptions[] { new DenoisingAutoencoderOptions(), new MaskedAutoencoderOptions(), new VariationalAutoencoderOptions() })
        {
            var one = ModelTrainer.Train(set, variant, options, new FitContext(TimeProvider.System, Threads: 1));
            var two = ModelTrainer.Train(set, variant, options, new FitContext(TimeProvider.System, Threads: 2));

            Assert.Equal(one.Network.Parameters.Snapshot(), two.Network.Parameters.Snapshot());
            Assert.Equal(one.Report.HeldOutLoss, two.Report.HeldOutLoss);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Train_ThreadsOutOfRange_Throws(int threads)
    {
        var set = SyntheticRows.Mixed(50, missingShare: 0, seed: 5);
        Assert.Throws<ArgumentOutOfRangeException>(
            () => ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions(), new FitContext(TimeProvider.System, Threads: threads)));
    }

    [Fact]
    public void Run_WorkThatThrows_ThrowsToTheCallerAndGoesOn()
    {
        using var runner = new LaneRunner(threads: 2);
        var ran = new int[LaneRunner.Lanes];

        Assert.Throws<InvalidOperationException>(() => runner.Run(lane => throw new InvalidOperationException($"lane {lane}")));
        for (var i = 0; i < 1000; i++)
            runner.Run(lane => ran[lane]++);

        Assert.All(ran, count => Assert.Equal(1000, count));
    }

    private static (float[][] Weights, float[] Losses, float[] Gradients) Train(TrainingSet set, int hidden, int steps, int threads)
    {
        var network = Create(set, hidden);
        var device = network.Parameters.Device;
        using var step = new TrainingStep(device, set, new TrainingOptions { TrimShare = 0 }, new SeededRandom(1), threads);
        var objective = network.Phases[0].Objectives[0];
        var optimizer = new AdamW(device, objective.Parameters, weightDecay: 0);
        int[] rows = [.. Enumerable.Range(0, set.Rows)];
        for (var i = 0; i < steps; i++)
            Assert.True(step.Take(objective, optimizer, rows, 0.5, steps == 1 ? 0 : 1e-3));

        var losses = new float[set.Rows];
        step.Measure(objective, rows, losses);
        return (network.Parameters.Snapshot(), losses, Gradients(optimizer));
    }

    private static (float[] Losses, float[] Gradients) Whole(TrainingSet set, int hidden)
    {
        var network = Create(set, hidden);
        var device = network.Parameters.Device;
        var tape = new Tape(device);
        var optimizer = new AdamW(device, network.Parameters.All, weightDecay: 0);
        optimizer.Watch(tape);
        var losses = network.RowLosses(tape, TestNetworks.All(network, set), LossContext.HeldOut);
        var factors = new float[set.Rows];
        Array.Fill(factors, 1f / set.Rows);
        tape.Backward(losses, device.Create(new Shape(set.Rows), factors));
        optimizer.Step(tape, learningRate: 0, clipNorm: 5);
        return (losses.ToArray(), Gradients(optimizer));
    }

    // The first moments after one step hold a tenth of the gradient.
    private static float[] Gradients(AdamW optimizer) =>
        [.. Assert.IsType<SeparateUpdate>(optimizer.Update).FirstMoments.SelectMany(moment => moment.ToArray()).Select(x => x * 10)];

    private static Autoencoder Create(TrainingSet set, int hidden) =>
        TestNetworks.Create<Autoencoder>(new AutoencoderOptions { Hidden = [hidden], Latent = 3 }, set);

    private static void AssertClose(float[] expected, float[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(found[i] - expected[i], -tolerance * (1 + Math.Abs(expected[i])), tolerance * (1 + Math.Abs(expected[i])));
    }
}
