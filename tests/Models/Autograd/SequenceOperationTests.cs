using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Tests.Autograd;

public sealed class SequenceOperationTests
{
    private readonly Device _device = GradientCheck.NewDevice();

    /// <summary>Gets length, channels, kernel, stride and padding: overlapping, gapped, padded and single patches at odd sizes.</summary>
    public static TheoryData<int, int, int, int, int> Geometries => new()
    {
        { 1, 1, 1, 1, 0 }, { 7, 1, 3, 1, 1 }, { 7, 3, 4, 2, 1 }, { 33, 2, 5, 2, 2 }, { 7, 33, 3, 3, 0 }, { 33, 1, 2, 5, 0 }, { 1, 7, 3, 2, 1 },
    };

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Unfold_OddSizes_MatchesCentralDifferences(int length, int channels, int kernel, int stride, int padding)
    {
        var geometry = new PatchGeometry(length, channels, kernel, stride, padding);
        GradientCheck.Run((tape, x) => Patches.Unfold(tape, x[0], geometry), Normal(new Shape(3, length * channels), 1));
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Fold_OddSizes_MatchesCentralDifferences(int length, int channels, int kernel, int stride, int padding)
    {
        var geometry = new PatchGeometry(length, channels, kernel, stride, padding);
        GradientCheck.Run((tape, x) => Patches.Fold(tape, x[0], geometry), Normal(new Shape(3 * geometry.Positions, geometry.PatchWidth), 2));
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void Convolution_OddSizes_EqualsTheNaiveSumAndItsGradients(int length, int channels, int kernel, int stride, int padding)
    {
        var geometry = new PatchGeometry(length, channels, kernel, stride, padding);
        var layer = new Convolution(new ParameterSet(_device), "c", geometry, 5, new SeededRandom(3));
        _device.Upload(Normal(new Shape(5), 4).ToArray(), layer.Bias);
        var input = Normal(new Shape(2, length * channels), 5);
        var (x, w, b) = (input.ToArray(), layer.Weight.ToArray(), layer.Bias.ToArray());

        var output = layer.Forward(null, input).ToArray();

        Assert.Equal(2 * geometry.Positions * 5, output.Length);
        for (var i = 0; i < output.Length; i++)
        {
            var (batch, position, unit) = (i / (5 * geometry.Positions), i / 5 % geometry.Positions, i % 5);
            double sum = b[unit];
            for (var k = 0; k < kernel; k++)
            {
                var step = (position * stride) + k - padding;
                for (var c = 0; c < channels && step >= 0 && step < length; c++)
                    sum += (double)w[(unit * kernel * channels) + (k * channels) + c] * x[(batch * length * channels) + (step * channels) + c];
            }

            Assert.Equal(Math.Max(sum, 0), output[i], 1e-5);
        }

        // A ReLU has no derivative at 0; without it the layer is linear.
        GradientCheck.Run(
            (tape, t) => AffineMap.Apply(tape, Patches.Unfold(tape, t[0], geometry), t[1], t[2]), input, layer.Weight, layer.Bias);
    }

    [Theory]
    [MemberData(nameof(Geometries))]
    public void TransposedConvolution_OddSizes_EqualsTheNaiveSumAndItsGradients(int length, int channels, int kernel, int stride, int padding)
    {
        var geometry = new PatchGeometry(length, channels, kernel, stride, padding);
        var layer = new TransposedConvolution(new ParameterSet(_device), "t", geometry, 5, isLast: true, new SeededRandom(6));
        _device.Upload(Normal(new Shape(channels), 7).ToArray(), layer.Bias);
        var input = Normal(new Shape(2, geometry.Positions * 5), 8);
        var (x, w, b) = (input.ToArray(), layer.Weight.ToArray(), layer.Bias.ToArray());

        var output = layer.Forward(null, input).ToArray();

        Assert.Equal(2 * length * channels, output.Length);
        for (var i = 0; i < output.Length; i++)
        {
            var (batch, step, channel) = (i / (length * channels), i / channels % length, i % channels);
            double sum = b[channel];
            for (var position = 0; position < geometry.Positions; position++)
            {
                var k = step - (position * stride) + padding;
                for (var unit = 0; unit < 5 && k >= 0 && k < kernel; unit++)
                    sum += (double)w[(unit * kernel * channels) + (k * channels) + channel] * x[(batch * geometry.Positions * 5) + (position * 5) + unit];
            }

            Assert.Equal(sum, output[i], 1e-5);
        }

        GradientCheck.Run((tape, t) => layer.Forward(tape, t[0]), input, layer.Weight, layer.Bias);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 33)]
    [InlineData(33, 7)]
    [InlineData(3, 16)]
    public void GruStep_OddSizes_EqualsTheFormulaAndItsGradients(int rows, int units)
    {
        Tensor[] inputs = [Normal(new Shape(rows, 3 * units), 9), Normal(new Shape(rows, 3 * units), 10), Normal(new Shape(rows, units), 11)];
        var (x, u, h) = (inputs[0].ToArray(), inputs[1].ToArray(), inputs[2].ToArray());

        var output = GruStep.Apply(null, inputs[0], inputs[1], inputs[2]).ToArray();

        for (var i = 0; i < output.Length; i++)
        {
            var gate = (i / units * 3 * units) + (i % units);
            var r = Sigmoid(x[gate] + (double)u[gate]);
            var z = Sigmoid(x[gate + units] + (double)u[gate + units]);
            var n = Math.Tanh(x[gate + (2 * units)] + (r * u[gate + (2 * units)]));
            Assert.Equal(((1 - z) * n) + (z * h[i]), output[i], 1e-6);
        }

        GradientCheck.Run((tape, t) => GruStep.Apply(tape, t[0], t[1], t[2]), inputs);
    }

    [Theory]
    [InlineData(1, 1, 5)]
    [InlineData(7, 3, 7)]
    [InlineData(3, 7, 4)]
    public void GruCell_ThroughTime_MatchesCentralDifferences(int rows, int units, int steps)
    {
        var cell = new GruCell(new ParameterSet(_device), "g", 2, units, new SeededRandom(12));
        GradientCheck.Run(
            (tape, t) =>
            {
                var hidden = t[0];
                for (var step = 0; step < steps; step++)
                    hidden = cell.Step(tape, cell.Input.Forward(tape, Columns.Slice(tape, t[1], step * 2, 2)), hidden);
                return hidden;
            },
            Normal(new Shape(rows, units), 13),
            Normal(new Shape(rows, steps * 2), 14),
            cell.Input.Weight,
            cell.Input.Bias,
            cell.Hidden.Weight,
            cell.Hidden.Bias);
    }

    [Fact]
    public void GruKernel_EveryRegisterWidth_GivesTheSameBits()
    {
        var (rows, units) = (3, 37);
        var (x, u, h) = (Normal(new Shape(rows, 3 * units), 15).ToArray(), Normal(new Shape(rows, 3 * units), 16).ToArray(), Normal(new Shape(rows, units), 17).ToArray());
        var scalar = Run(VectorWidth.Scalar);
        foreach (var width in new[] { VectorWidth.Bits128, VectorWidth.Bits256, VectorWidth.Bits512 }.Where(width => width <= VectorWidths.Widest))
        {
            if (width == VectorWidth.Bits128 && !System.Runtime.Intrinsics.Arm.AdvSimd.Arm64.IsSupported)
                continue;
            Assert.Equal(scalar, Run(width));
        }

        float[] Run(VectorWidth width)
        {
            var result = new float[rows * units];
            GruKernels.Step(x, u, h, new float[rows * 3 * units], result, units, width);
            return result;
        }
    }

    [Theory]
    [InlineData(1, 1, 7)]
    [InlineData(7, 33, 1)]
    public void ConcatAndReshape_SeveralParts_MatchCentralDifferences(int rows, int first, int second) =>
        GradientCheck.Run(
            (tape, t) => Reshape.Apply(tape, Columns.Concat(tape, [t[0], t[1], t[0]]), new Shape(rows * ((2 * first) + second))),
            Normal(new Shape(rows, first), 18),
            Normal(new Shape(rows, second), 19));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private Tensor Normal(Shape shape, ulong seed) => GradientCheck.Normal(_device, shape, seed, 0.7f);
}
