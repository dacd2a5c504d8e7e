using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Tests.Variants.Temporal;
using AEAnomaly.Models.Variants.Temporal;

namespace AEAnomaly.Models.Tests.Autograd;

public sealed class TemporalGradientTests
{
    private readonly Device _device = GradientCheck.NewDevice();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 3, 33)]
    [InlineData(33, 7, 7)]
    public void GatedGaussian_OddSizes_MatchesCentralDifferences(int inputs, int hidden, int width)
    {
        var map = new GatedGaussian(new ParameterSet(_device), "map", inputs, hidden, width, new SeededRandom(1));
        GradientCheck.Run(
            (tape, x) =>
            {
                var gaussian = map.Forward(tape, x[0]);
                return GaussianLogDensity.PerRow(tape, x[1], gaussian);
            },
            Normal(new Shape(3, inputs), 2),
            Normal(new Shape(3, width), 3),
            map.Hidden.Weight,
            map.Hidden.Bias,
            map.Output.Weight,
            map.Output.Bias);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void GaussianLogDensity_OddWidths_MatchesCentralDifferences(int width) => GradientCheck.Run(
        (tape, x) => GaussianLogDensity.PerRow(tape, x[0], new DiagonalGaussian(x[1], x[2])),
        Normal(new Shape(3, width), 4),
        Normal(new Shape(3, width), 5),
        Normal(new Shape(3, width), 6));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void GaussianKlBetween_OddWidths_MatchesCentralDifferences(int width) => GradientCheck.Run(
        (tape, x) => GaussianKl.Between(tape, new DiagonalGaussian(x[0], x[1]), new DiagonalGaussian(x[2], x[3])),
        Normal(new Shape(3, width), 7),
        Normal(new Shape(3, width), 8),
        Normal(new Shape(3, width), 9),
        Normal(new Shape(3, width), 10));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void MixedLikelihood_OddWidths_MatchesCentralDifferences(int width)
    {
        var layout = new FeatureLayout(
            [new FeatureBlock(0, width, BlockKind.Real), new FeatureBlock(width, 1, BlockKind.Binary), new FeatureBlock(width + 1, 3, BlockKind.Category)]);
        var likelihood = new MixedLikelihood(layout, 2);
        var records = Normal(new Shape(3, layout.Width), 11).ToArray();
        for (var row = 0; row < 3; row++)
            new float[] { row % 2, 0, row == 1 ? 0 : 1, row == 1 ? 1 : 0 }.CopyTo(records.AsSpan((row * layout.Width) + width));
        var batch = new Batch(_device.Create(new Shape(3, layout.Width), records), _device.Create(new Shape(3, 3), [1, 1, 1, 0, 1, 1, 1, 0, 0]));
        GradientCheck.Run((tape, x) => likelihood.PerRow(tape, x[0], batch), Normal(new Shape(3, likelihood.OutputWidth), 12));
    }

    [Theory]
    [InlineData(1, 1, 1, 2, 1)]
    [InlineData(7, 3, 7, 5, 2)]
    [InlineData(3, 7, 5, 7, 1)]
    [InlineData(33, 1, 1, 3, 1)]
    public void Terms_ThroughTime_MatchCentralDifferencesInDoublePrecision(int units, int latent, int map, int window, int levels)
    {
        const double Step = 1e-5;
        var options = new TemporalDifferenceOptions { Window = window, Jump = window - 1, Hidden = [units], Latent = latent, Levels = levels, MapWidth = map };
        var set = SyntheticRows.Windows(SyntheticRows.Mixed(window + 1, 0.2, seed: 13), window);
        var network = TemporalCase.Network(set.Layout, options);
        var device = network.Parameters.Device;
        var reference = new DoubleTemporal(network.Parameters, set.Layout, options);
        var (later, earlier) = (TemporalCase.Draws(device, options, 2, 14), TemporalCase.Draws(device, options, 2, 15));
        var windows = Enumerable.Range(0, 2).Select(row => TemporalCase.Window(set, row)).ToArray();
        var learned = network.Parameters.All.Where(parameter => parameter.Role != ParameterRole.Constant).ToArray();

        var tape = new Tape(device);
        foreach (var parameter in learned)
            tape.Watch(parameter.Value);
        tape.Backward(network.Terms(tape, TestNetworks.All(network, set), window - 1, later.Levels, earlier.Levels).Sum(tape, 0.7f));

        foreach (var parameter in learned)
        {
            var (gradient, values) = (tape.Gradient(parameter.Value)!.ToArray(), reference.Values(parameter.Name));
            // Of the large matrices every seventh element: each row and each gate is still met.
            for (var j = 0; j < values.Length; j += values.Length > 500 ? 7 : 1)
            {
                var original = values[j];
                values[j] = original + Step;
                var above = Loss();
                values[j] = original - Step;
                var expected = (above - Loss()) / (2 * Step);
                values[j] = original;
                Assert.True(
                    Math.Abs(gradient[j] - expected) <= 1e-4 * (1 + Math.Abs(expected)),
                    $"{parameter.Name}, element {j}: gradient {gradient[j]}, central difference {expected}.");
            }
        }

        double Loss() => Enumerable.Range(0, 2).Sum(row =>
        {
            var terms = reference.Terms(windows[row].Values, windows[row].Missing, window - 1, later.Rows[row], earlier.Rows[row]);
            return terms.Reconstruction + (0.7 * (terms.Belief - terms.Transition + terms.Smoothing));
        });
    }

    private Tensor Normal(Shape shape, ulong seed) => GradientCheck.Normal(_device, shape, seed, 0.7f);
}
