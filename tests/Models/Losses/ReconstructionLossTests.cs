using AEAnomaly.Models.Features;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.Training;

namespace AEAnomaly.Models.Tests.Losses;

public sealed class ReconstructionLossTests : IDisposable
{
    private readonly CpuDevice _device = new();

    public void Dispose() => _device.Dispose();

    [Fact]
    public void PerRow_MissingBlock_LeavesItsValuesOut()
    {
        var layout = new FeatureLayout([new FeatureBlock(0, 1, BlockKind.Real), new FeatureBlock(1, 2, BlockKind.Category)]);
        var loss = new ReconstructionLoss(layout, _device.Create(new Shape(2), [2f, 3f]));
        var output = _device.Create(new Shape(2, 3), [1f, 0.5f, 0.5f, 1f, 0.5f, 0.5f]);
        var values = _device.Create(new Shape(2, 3), [3f, 1f, 0f, 3f, 1f, 0f]);
        var present = _device.Create(new Shape(2, 2), [1f, 1f, 0f, 1f]);

        var rows = loss.PerRow(null, output, new Batch(values, present)).ToArray();

        Assert.Equal((2 * 4) + (3 * Math.Log(2)), rows[0], 1e-5);
        Assert.Equal(3 * Math.Log(2), rows[1], 1e-5);
    }

    [Fact]
    public void Fit_EveryKind_GivesOneOverTheBaselineError()
    {
        var layout = new FeatureLayout(
        [
            new FeatureBlock(0, 1, BlockKind.Real),
            new FeatureBlock(1, 1, BlockKind.Real),
            new FeatureBlock(2, 2, BlockKind.Real),
            new FeatureBlock(4, 1, BlockKind.Binary),
            new FeatureBlock(5, 4, BlockKind.Category),
        ]);

        // Rows come in fours: a real of variance 4, one of variance 0.01, a pair, a fair coin, four equal categories.
        var values = new float[40 * 9];
        for (var row = 0; row < 40; row++)
        {
            var x = values.AsSpan(row * 9, 9);
            var sign = row % 2 == 0 ? 1f : -1f;
            x[0] = 1000 + (2 * sign);
            x[1] = 0.1f * sign;
            x[2] = sign;
            x[3] = 0.5f * sign;
            x[4] = row % 2;
            x[5 + (row % 4)] = 1;
        }

        var weights = BlockWeights.Fit(new TrainingSet(layout, values, 40), [.. Enumerable.Range(0, 40)]);

        Assert.Equal(1.0 / 4, weights[0], 1e-6);
        Assert.Equal(1, weights[1]);
        Assert.Equal(1.0 / 2, weights[2], 1e-6);
        Assert.Equal(1 / Math.Log(2), weights[3], 1e-6);
        Assert.Equal(1 / Math.Log(4), weights[4], 1e-6);
    }

    [Fact]
    public void Fit_RareCategory_IsNotScaledPastTheFloor()
    {
        var layout = new FeatureLayout([new FeatureBlock(0, 2, BlockKind.Category)]);
        var values = new float[2000];
        for (var row = 0; row < 1000; row++)
            values[(row * 2) + (row == 0 ? 1 : 0)] = 1;
        Assert.Equal([2f], BlockWeights.Fit(new TrainingSet(layout, values, 1000), [.. Enumerable.Range(0, 1000)]));
    }

    [Fact]
    public void Fit_MissingFields_AreNotCounted()
    {
        var set = SyntheticRows.Mixed(4000, missingShare: 0, seed: 51);
        var holey = SyntheticRows.Mixed(4000, missingShare: 0.5, seed: 51);
        int[] rows = [.. Enumerable.Range(0, 4000)];
        var all = BlockWeights.Fit(set, rows);
        var seen = BlockWeights.Fit(holey, rows);
        for (var b = 0; b < all.Length; b++)
            Assert.Equal(all[b], seen[b], 0.05f * all[b]);
    }
}
