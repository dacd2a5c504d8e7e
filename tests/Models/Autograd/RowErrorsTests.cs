using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Tests.Autograd;

public sealed class RowErrorsTests
{
    private const double Tolerance = 1e-5;
    private readonly Device _device = GradientCheck.NewDevice();

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, true)]
    [InlineData(33, false)]
    [InlineData(33, true)]
    public void Apply_RunsOfEveryKind_EqualsWeightedBlockErrors(int run, bool hasMissing)
    {
        const int Rows = 5;
        var layout = Layout(run);
        var output = GradientCheck.Normal(_device, new Shape(Rows, layout.Width), 1, 2);
        var target = Targets(layout, Rows);
        var weights = GradientCheck.Positive(_device, new Shape(layout.BlockCount), 2);
        var flags = Enumerable.Range(0, Rows * layout.BlockCount).Select(i => hasMissing && i % 3 == 0 ? 0f : 1f).ToArray();
        var present = _device.Create(new Shape(Rows, layout.BlockCount), flags);

        var (found, gradient) = Run(tape => RowErrors.Apply(tape, layout, output, target, weights, hasMissing ? present : null));
        var (expected, expectedGradient) = Run(tape => Reduction.Sum(
            tape, Arithmetic.Multiply(tape, Arithmetic.Multiply(tape, BlockErrors.Apply(tape, layout, output, target), present), weights), 1, 1));

        AssertClose(expected, found);
        AssertClose(expectedGradient, gradient);

        (float[] Values, float[] Gradient) Run(Func<Tape, Tensor> forward)
        {
            var tape = new Tape(_device);
            tape.Watch(output);
            var result = forward(tape);
            tape.Backward(result, GradientCheck.Positive(_device, new Shape(Rows), 3));
            return (result.ToArray(), tape.Gradient(output)!.ToArray());
        }
    }

    [Fact]
    public void Apply_WrongShapes_NamesThem()
    {
        var layout = FeatureLayout.AllReal(3);
        var rows = _device.Create(new Shape(2, 3));
        var error = Assert.Throws<ArgumentException>(() => RowErrors.Apply(null, layout, rows, rows, _device.Create(new Shape(4)), null));

        Assert.Contains("[4]", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => RowErrors.Apply(null, layout, rows, _device.Create(new Shape(3, 3)), _device.Create(new Shape(3)), null));
    }

    // A run of single real features, a wide real block, a run of single flags, wide flags, two categories.
    private static FeatureLayout Layout(int run)
    {
        var blocks = new List<FeatureBlock>();
        foreach (var (count, width, kind) in new[]
        {
            (run, 1, BlockKind.Real), (1, 3, BlockKind.Real), (run, 1, BlockKind.Binary), (1, 2, BlockKind.Binary), (2, 5, BlockKind.Category),
        })
        {
            for (var i = 0; i < count; i++)
                blocks.Add(new FeatureBlock(blocks.Count == 0 ? 0 : blocks[^1].Start + blocks[^1].Width, width, kind));
        }

        return new FeatureLayout(blocks);
    }

    private Tensor Targets(FeatureLayout layout, int rows)
    {
        var values = new float[rows * layout.Width];
        for (var row = 0; row < rows; row++)
        {
            foreach (var block in layout.Blocks)
            {
                var place = values.AsSpan((row * layout.Width) + block.Start, block.Width);
                if (block.Kind == BlockKind.Real)
                    place.Fill((row * 0.3f) - 0.5f);
                else
                    place[row % block.Width] = row % 2 == 0 || block.Kind == BlockKind.Category ? 1 : 0;
            }
        }

        return _device.Create(new Shape(rows, layout.Width), values);
    }

    private static void AssertClose(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.InRange(found[i] - expected[i], -Tolerance * (1 + Math.Abs(expected[i])), Tolerance * (1 + Math.Abs(expected[i])));
    }
}
