using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tests.Training;

namespace AEAnomaly.Models.Tests.Autograd;

public sealed class OperationGradientTests
{
    private readonly Device _device = GradientCheck.NewDevice();

    /// <summary>Gets pairs of odd sizes: below, beside and above every vector width.</summary>
    public static TheoryData<int, int> OddSizes => new() { { 1, 1 }, { 1, 7 }, { 7, 1 }, { 7, 33 }, { 33, 7 }, { 33, 33 } };

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void MatMul_OddSizes_MatchesCentralDifferences(int rows, int columns) =>
        GradientCheck.Run(
            (tape, x) => MatMul.Apply(tape, x[0], x[1]),
            Normal(new Shape(rows, 7), 1),
            Normal(new Shape(7, columns), 2));

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void AffineMap_OddSizes_MatchesCentralDifferences(int rows, int columns) =>
        GradientCheck.Run(
            (tape, x) => AffineMap.Apply(tape, x[0], x[1], x[2]),
            Normal(new Shape(rows, 7), 1),
            Normal(new Shape(columns, 7), 2),
            Normal(new Shape(columns), 3));

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void AffineMap_LayersInOnePass_MatchesCentralDifferences(int rows, int columns) =>
        GradientCheck.Run(
            (tape, x) => AffineMap.Apply(tape, x[0], [new(x[1], x[2], Relu: false), new(x[3], x[4], Relu: false), new(x[5], x[6], Relu: false)]),
            Normal(new Shape(rows, 7), 1),
            Normal(new Shape(columns, 7), 2),
            Normal(new Shape(columns), 3),
            Normal(new Shape(5, columns), 4),
            Normal(new Shape(5), 5),
            Normal(new Shape(columns, 5), 6),
            Normal(new Shape(columns), 7));

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void ElementWise_EveryFunction_MatchesCentralDifferences(int rows, int columns)
    {
        foreach (var function in Enum.GetValues<UnaryFunction>())
        {
            var shape = new Shape(rows, columns);
            var input = function == UnaryFunction.Log
                ? GradientCheck.Positive(_device, shape, 4)
                : GradientCheck.AwayFromZero(_device, shape, 4);
            GradientCheck.Run((tape, x) => ElementWise.Apply(tape, function, x[0]), input);
        }
    }

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void Arithmetic_EveryBroadcast_MatchesCentralDifferences(int rows, int columns)
    {
        Shape[] rights = [new(rows, columns), new(columns), new(rows, 1), new(1)];
        foreach (var right in rights)
        {
            GradientCheck.Run((tape, x) => Arithmetic.Add(tape, x[0], x[1]), Normal(new Shape(rows, columns), 5), Normal(right, 6));
            GradientCheck.Run((tape, x) => Arithmetic.Subtract(tape, x[0], x[1]), Normal(new Shape(rows, columns), 5), Normal(right, 6));
            GradientCheck.Run((tape, x) => Arithmetic.Multiply(tape, x[0], x[1]), Normal(new Shape(rows, columns), 5), Normal(right, 6));
        }
    }

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void Scale_OddSizes_MatchesCentralDifferences(int rows, int columns) =>
        GradientCheck.Run((tape, x) => Arithmetic.Scale(tape, x[0], -1.7f, 0.3f), Normal(new Shape(rows, columns), 7));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(0, 2)]
    public void Reduction_EveryAdjacentAxes_MatchesCentralDifferences(int first, int last)
    {
        GradientCheck.Run((tape, x) => Reduction.Sum(tape, x[0], first, last), Normal(new Shape(7, 3, 33), 8));
        GradientCheck.Run((tape, x) => Reduction.Mean(tape, x[0], first, last), Normal(new Shape(7, 3, 33), 8));
    }

    [Theory]
    [InlineData(1, 1, 0, 1)]
    [InlineData(7, 33, 5, 7)]
    [InlineData(33, 7, 6, 1)]
    public void Slice_OddSizes_MatchesCentralDifferences(int rows, int columns, int start, int width) =>
        GradientCheck.Run((tape, x) => Columns.Slice(tape, x[0], start, width), Normal(new Shape(rows, columns), 9));

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void Concat_OddSizes_MatchesCentralDifferences(int rows, int columns) =>
        GradientCheck.Run(
            (tape, x) => Columns.Concat(tape, x[0], x[1]), Normal(new Shape(rows, columns), 10), Normal(new Shape(rows, 7), 11));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void BlockErrors_EveryKind_MatchesCentralDifferences(int rows)
    {
        var set = SyntheticRows.Mixed(rows, missingShare: 0.2, seed: 12);
        var target = _device.Create(new Shape(rows, set.Layout.Width), set.Values);
        GradientCheck.Run(
            (tape, x) => BlockErrors.Apply(tape, set.Layout, x[0], target), Normal(new Shape(rows, set.Layout.Width), 13));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void RowErrors_EveryKind_MatchesCentralDifferences(int rows)
    {
        var set = SyntheticRows.Mixed(rows, missingShare: 0.2, seed: 12);
        var target = _device.Create(new Shape(rows, set.Layout.Width), set.Values);
        var weights = GradientCheck.Positive(_device, new Shape(set.Layout.BlockCount), 18);
        var present = _device.Create(new Shape(rows, set.Layout.BlockCount), [.. set.Missing!.Select(flag => 1f - flag)]);
        GradientCheck.Run(
            (tape, x) => RowErrors.Apply(tape, set.Layout, x[0], target, weights, present), Normal(new Shape(rows, set.Layout.Width), 13));
        GradientCheck.Run(
            (tape, x) => RowErrors.Apply(tape, set.Layout, Arithmetic.Add(tape, x[0], x[0]), target, weights, null),
            Normal(new Shape(rows, set.Layout.Width), 13));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void BlockErrors_WideBlocks_MatchesCentralDifferences(int width)
    {
        var layout = new FeatureLayout(
        [
            new FeatureBlock(0, width, BlockKind.Real),
            new FeatureBlock(width, width, BlockKind.Binary),
            new FeatureBlock(2 * width, width, BlockKind.Category),
        ]);
        var values = new float[7 * 3 * width];
        for (var row = 0; row < 7; row++)
        {
            values[(row * 3 * width) + width] = 1;
            values[(row * 3 * width) + (2 * width) + (row % width)] = 1;
        }

        var target = _device.Create(new Shape(7, 3 * width), values);
        GradientCheck.Run((tape, x) => BlockErrors.Apply(tape, layout, x[0], target), Normal(new Shape(7, 3 * width), 14));
    }

    [Theory]
    [MemberData(nameof(OddSizes))]
    public void GaussianKl_OddSizes_MatchesCentralDifferences(int rows, int latent) =>
        GradientCheck.Run(
            (tape, x) => GaussianKl.PerRow(tape, x[0], x[1]), Normal(new Shape(rows, latent), 15), Normal(new Shape(rows, latent), 16));

    [Fact]
    public void Backward_TensorUsedTwice_AddsBothGradients() =>
        GradientCheck.Run(
            (tape, x) => Arithmetic.Multiply(tape, Arithmetic.Add(tape, x[0], x[0]), ElementWise.Apply(tape, UnaryFunction.Square, x[0])),
            Normal(new Shape(7, 3), 17));

    private Tensor Normal(Shape shape, ulong seed) => GradientCheck.Normal(_device, shape, seed, 0.7f);
}
