using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Tests.Autograd;

public sealed class FlowGradientTests
{
    private readonly Device _device = GradientCheck.NewDevice();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void ActivationNormalization_OddWidths_MatchesCentralDifferences(int width)
    {
        var layer = new ActivationNormalization(new ParameterSet(_device), "layer", width);
        GradientCheck.Run(
            (tape, x) => WithLogDeterminant(tape, layer.Forward(tape, x[0]), layer.LogDeterminant(tape)),
            Normal(new Shape(3, width), 1),
            Perturbed(layer.Bias, 2),
            Perturbed(layer.LogScale, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void TriangularLinear_OddWidths_MatchesCentralDifferences(int width)
    {
        var layer = new TriangularLinear(new ParameterSet(_device), "layer", width);
        GradientCheck.Run(
            (tape, x) => WithLogDeterminant(tape, layer.Forward(tape, x[0]), layer.LogDeterminant(tape)),
            Normal(new Shape(3, width), 1),
            Perturbed(layer.Lower, 2),
            Perturbed(layer.Upper, 3),
            Perturbed(layer.LogDiagonal, 4));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(7, true)]
    [InlineData(7, false)]
    [InlineData(33, false)]
    public void AffineCoupling_OddWidths_MatchesCentralDifferences(int width, bool transformsFirst)
    {
        var layer = new AffineCoupling(new ParameterSet(_device), "layer", width, 3, 5, transformsFirst, 1.5, new SeededRandom(5));

        // Far from the ReLU's kink, where a central difference would mix two slopes.
        var kinks = layer.Hidden.Bias.ToArray();
        for (var i = 0; i < kinks.Length; i++)
            kinks[i] = i % 2 == 0 ? 2 : -2;
        _device.Upload(kinks, layer.Hidden.Bias);
        GradientCheck.Run(
            (tape, x) =>
            {
                var (output, logDeterminant) = layer.Forward(tape, x[0], x[1]);
                return Arithmetic.Add(tape, Reduction.Sum(tape, output, 1, 1), logDeterminant);
            },
            GradientCheck.Normal(_device, new Shape(3, width), 1, 0.3f),
            GradientCheck.Normal(_device, new Shape(3, 3), 2, 0.3f),
            Perturbed(layer.OutputWeight, 3, 0.1f),
            Perturbed(layer.OutputBias, 4));
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(7, 0, 3)]
    [InlineData(33, 16, 17)]
    [InlineData(33, 5, 21)]
    public void CouplingMap_OddWidths_MatchesCentralDifferences(int width, int start, int changed) => GradientCheck.Run(
        (tape, x) =>
        {
            var (output, logDeterminant) = CouplingMap.Apply(tape, x[0], x[1], new CouplingShape(width, start, changed, 1.5f));
            return Arithmetic.Add(tape, Reduction.Sum(tape, output, 1, 1), Arithmetic.Scale(tape, logDeterminant, 0.7f));
        },
        Normal(new Shape(3, width), 1),
        Normal(new Shape(3, 2 * changed), 2));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CouplingMap_OneResultUnused_MatchesCentralDifferences(bool usesOutput) => GradientCheck.Run(
        (tape, x) =>
        {
            // The input is read a second time, after the coupling: its gradient is added to.
            var (output, logDeterminant) = CouplingMap.Apply(tape, x[0], x[1], new CouplingShape(7, 2, 3, 1.5f));
            return Arithmetic.Add(tape, Reduction.Sum(tape, x[0], 1, 1), usesOutput ? Reduction.Sum(tape, output, 1, 1) : Reduction.Sum(tape, Reshape.Apply(tape, logDeterminant, new Shape(3, 1)), 1, 1));
        },
        Normal(new Shape(3, 7), 1),
        Normal(new Shape(3, 6), 2));

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(7, 14, true)]
    [InlineData(33, 69, false)]
    [InlineData(33, 69, true)]
    public void GaussianResiduals_OddWidths_MatchesCentralDifferences(int width, int decoded, bool hasMissing)
    {
        var target = Normal(new Shape(3, width), 4);
        var present = _device.Create(target.Shape, [.. Enumerable.Range(0, target.Count).Select(i => i % 3 == 1 ? 0f : 1f)]);
        GradientCheck.Run(
            (tape, x) =>
            {
                var (residuals, costs) = GaussianResiduals.Apply(tape, x[0], target, hasMissing ? present : null, 1.5f);
                var rest = decoded > 2 * width ? Columns.Slice(tape, x[0], 2 * width, decoded - (2 * width)) : x[0];
                return Arithmetic.Add(tape, Arithmetic.Add(tape, HalfSquares.Apply(tape, residuals), costs), Reduction.Sum(tape, rest, 1, 1));
            },
            Normal(new Shape(3, decoded), 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void HalfSquares_OddWidths_MatchesCentralDifferences(int width) => GradientCheck.Run(
        (tape, x) => Arithmetic.Add(tape, HalfSquares.Apply(tape, x[0]), Arithmetic.Scale(tape, HalfSquares.Apply(tape, x[0]), 0.3f)),
        Normal(new Shape(3, width), 1));

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(7, 2, 3)]
    [InlineData(33, 16, 17)]
    public void Concat_PartOfColumns_MatchesCentralDifferences(int width, int start, int count) => GradientCheck.Run(
        (tape, x) =>
        {
            var joined = Columns.Concat(tape, x[0], start, count, x[1]);
            return Arithmetic.Add(tape, Reduction.Sum(tape, ElementWise.Apply(tape, UnaryFunction.Square, joined), 1, 1), Reduction.Sum(tape, x[0], 1, 1));
        },
        Normal(new Shape(3, width), 1),
        Normal(new Shape(3, 5), 2));

    private static Tensor WithLogDeterminant(Tape? tape, Tensor output, Tensor logDeterminant) => Arithmetic.Add(tape, output, logDeterminant);

    private Tensor Normal(Shape shape, ulong seed) => GradientCheck.Normal(_device, shape, seed, 0.7f);

    private Tensor Perturbed(Tensor parameter, ulong seed, float scale = 0.3f)
    {
        _device.Copy(GradientCheck.Normal(_device, parameter.Shape, seed, scale), parameter);
        return parameter;
    }
}
