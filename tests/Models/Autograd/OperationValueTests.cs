using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Tests.Autograd;

public sealed class OperationValueTests
{
    private const double Tolerance = 2e-6;
    private readonly Device _device = GradientCheck.NewDevice();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void ElementWise_EveryFunction_MatchesDoublePrecision(int count)
    {
        var functions = new Dictionary<UnaryFunction, Func<double, double>>
        {
            [UnaryFunction.Relu] = x => Math.Max(x, 0),
            [UnaryFunction.LeakyRelu] = x => x > 0 ? x : 0.01 * x,
            [UnaryFunction.Tanh] = Math.Tanh,
            [UnaryFunction.Sigmoid] = x => 1 / (1 + Math.Exp(-x)),
            [UnaryFunction.Softplus] = x => Math.Log(1 + Math.Exp(x)),
            [UnaryFunction.Exp] = Math.Exp,
            [UnaryFunction.Log] = Math.Log,
            [UnaryFunction.Square] = x => x * x,
        };
        Assert.Equal(Enum.GetValues<UnaryFunction>().Length, functions.Count);
        foreach (var (function, reference) in functions)
        {
            var input = function == UnaryFunction.Log
                ? GradientCheck.Positive(_device, new Shape(count), 1)
                : GradientCheck.Normal(_device, new Shape(count), 1, 3);
            var expected = input.ToArray().Select(x => reference(x)).ToArray();
            var found = ElementWise.Apply(null, function, input).ToArray();
            for (var i = 0; i < count; i++)
                Assert.InRange(found[i] - expected[i], -Tolerance * (1 + Math.Abs(expected[i])), Tolerance * (1 + Math.Abs(expected[i])));
        }
    }

    [Theory]
    [InlineData(-1000f)]
    [InlineData(1000f)]
    public void ElementWise_LargeInputs_SaturatesInsteadOfOverflowing(float value)
    {
        var input = _device.Create(new Shape(1), [value]);
        Assert.Equal(MathF.Sign(value), ElementWise.Apply(null, UnaryFunction.Tanh, input).ToArray()[0]);
        Assert.Equal(value > 0 ? 1f : 0f, ElementWise.Apply(null, UnaryFunction.Sigmoid, input).ToArray()[0]);
        Assert.Equal(Math.Max(value, 0), ElementWise.Apply(null, UnaryFunction.Softplus, input).ToArray()[0]);
    }

    [Fact]
    public void BlockErrors_HandComputedRow_GivesEachLikelihood()
    {
        var layout = new FeatureLayout(
        [
            new FeatureBlock(0, 1, BlockKind.Real),
            new FeatureBlock(1, 2, BlockKind.Real),
            new FeatureBlock(3, 1, BlockKind.Binary),
            new FeatureBlock(4, 3, BlockKind.Category),
        ]);
        float[] output = [0.5f, 1f, -2f, 0.7f, 1f, 2f, -1f];
        float[] target = [2f, 0f, -1f, 1f, 0f, 1f, 0f];
        var errors = BlockErrors.Apply(null, layout, Row(output), Row(target)).ToArray();

        Assert.Equal(2.25, errors[0], 1e-6);
        Assert.Equal(2.0, errors[1], 1e-6);
        Assert.Equal(Math.Log(1 + Math.Exp(-0.7)), errors[2], 1e-6);
        Assert.Equal(Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(-1)) - 2, errors[3], 1e-6);

        Tensor Row(float[] values) => _device.Create(new Shape(1, 7), values);
    }

    [Fact]
    public void Operations_ShapesDoNotFit_NameOperationAndBothShapes()
    {
        var left = _device.CreateZeros(new Shape(2, 3));
        var right = _device.CreateZeros(new Shape(4, 5));
        Assert.Equal("MatMul: left [2, 3] does not fit right [4, 5].", Message(() => MatMul.Apply(null, left, right)));
        Assert.Equal("AffineMap: input [2, 3] does not fit weight [4, 5].", Message(() => AffineMap.Apply(null, left, right, left)));
        Assert.Equal("AffineMap: bias [2, 3] does not fit weight [2, 3].", Message(() => AffineMap.Apply(null, left, left, left)));
        Assert.Equal("Add: left [2, 3] does not fit right [4, 5].", Message(() => Arithmetic.Add(null, left, right)));
        Assert.Equal("Subtract: left [2, 3] does not fit right [4, 5].", Message(() => Arithmetic.Subtract(null, left, right)));
        Assert.Equal("Multiply: left [2, 3] does not fit right [4, 5].", Message(() => Arithmetic.Multiply(null, left, right)));
        Assert.Equal("Concat: left [2, 3] does not fit right [4, 5].", Message(() => Columns.Concat(null, left, right)));
        Assert.Equal("Slice: columns 2 to 4 do not fit input [2, 3].", Message(() => Columns.Slice(null, left, 2, 3)));
        Assert.Equal("Sum: axes 1 to 2 do not fit input [2, 3].", Message(() => Reduction.Sum(null, left, 1, 2)));
        Assert.Equal("Mean: axes 1 to 0 do not fit input [2, 3].", Message(() => Reduction.Mean(null, left, 1, 0)));
        Assert.Equal(
            "BlockErrors: output [2, 3] and target [4, 5] do not fit a layout of 3 features.",
            Message(() => BlockErrors.Apply(null, FeatureLayout.AllReal(3), left, right)));
    }

    [Fact]
    public void Backward_UnwatchedResult_SaysSo()
    {
        var tape = new Tape(_device);
        var constant = _device.CreateZeros(new Shape(2, 3));
        var result = ElementWise.Apply(tape, UnaryFunction.Relu, constant);
        Assert.False(tape.Tracks(result));
        Assert.Contains("does not depend on a tensor that this tape watches", Message(() => tape.Backward(result)), StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_PartWatched_HoldsTheRestFixed()
    {
        var tape = new Tape(_device);
        var watched = _device.Create(new Shape(2), [1, 2]);
        var held = _device.Create(new Shape(2), [3, 4]);
        tape.Watch(watched);
        tape.Backward(Arithmetic.Multiply(tape, watched, held));
        Assert.Equal([3, 4], tape.Gradient(watched)!.ToArray());
        Assert.Null(tape.Gradient(held));
    }

    private static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message.Split(" (Parameter")[0];
}
