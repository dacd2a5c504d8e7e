using AEAnomaly.Models.Autograd;
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

    private static Tensor WithLogDeterminant(Tape? tape, Tensor output, Tensor logDeterminant) => Arithmetic.Add(tape, output, logDeterminant);

    private Tensor Normal(Shape shape, ulong seed) => GradientCheck.Normal(_device, shape, seed, 0.7f);

    private Tensor Perturbed(Tensor parameter, ulong seed, float scale = 0.3f)
    {
        _device.Copy(GradientCheck.Normal(_device, parameter.Shape, seed, scale), parameter);
        return parameter;
    }
}
