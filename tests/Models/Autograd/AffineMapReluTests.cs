using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.Autograd;

public sealed class AffineMapReluTests : IDisposable
{
    private readonly CpuDevice _device = new();

    public void Dispose() => _device.Dispose();

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 33, 5)]
    [InlineData(65, 20, 33)]
    public void Apply_WithRelu_GivesTheBitsOfTheTwoOperations(int rows, int inputs, int outputs)
    {
        Tensor[] leaves = [Normal(new Shape(rows, inputs), 1), Normal(new Shape(outputs, inputs), 2), Normal(new Shape(outputs), 3)];
        var seed = Normal(new Shape(rows, outputs), 4);

        var (values, gradients) = Run(tape => AffineMap.Apply(tape, leaves[0], leaves[1], leaves[2], relu: true));
        var (expected, expectedGradients) = Run(
            tape => ElementWise.Apply(tape, UnaryFunction.Relu, AffineMap.Apply(tape, leaves[0], leaves[1], leaves[2])));

        Assert.Equal(expected, values);
        Assert.Equal(expectedGradients, gradients);

        (float[] Values, float[][] Gradients) Run(Func<Tape, Tensor> forward) => Differentiate(leaves, leaves, seed, forward);
    }

    // Watched from a layer on: 0 is the input, 1 the first layer.
    [Theory]
    [InlineData(1, 1, 1, 0)]
    [InlineData(7, 33, 5, 0)]
    [InlineData(65, 20, 33, 0)]
    [InlineData(65, 20, 33, 1)]
    [InlineData(65, 20, 33, 2)]
    [InlineData(7, 20, 33, 3)]
    public void Apply_ThreeLayers_GivesTheBitsOfOneByOne(int rows, int inputs, int hidden, int firstWatched)
    {
        var input = Normal(new Shape(rows, inputs), 1);
        AffineLayer[] layers =
        [
            new(Normal(new Shape(hidden, inputs), 2), Normal(new Shape(hidden), 3), Relu: true),
            new(Normal(new Shape(17, hidden), 4), Normal(new Shape(17), 5), Relu: false),
            new(Normal(new Shape(300, 17), 6), Normal(new Shape(300), 7), Relu: true),
        ];
        Tensor[] leaves = [input, .. layers.SelectMany(layer => new[] { layer.Weight, layer.Bias })];
        var watched = firstWatched == 0 ? leaves : leaves[((2 * firstWatched) - 1)..];
        var seed = Normal(new Shape(rows, 300), 8);

        var (values, gradients) = Differentiate(leaves, watched, seed, tape => AffineMap.Apply(tape, input, layers));
        var (expected, expectedGradients) = Differentiate(
            leaves,
            watched,
            seed,
            tape => layers.Aggregate(input, (x, layer) => AffineMap.Apply(tape, x, layer.Weight, layer.Bias, layer.Relu)));

        Assert.Equal(expected, values);
        Assert.Equal(expectedGradients, gradients);
    }

    private (float[] Values, float[][] Gradients) Differentiate(Tensor[] leaves, Tensor[] watched, Tensor seed, Func<Tape, Tensor> forward)
    {
        var tape = new Tape(_device);
        foreach (var leaf in watched)
            tape.Watch(leaf);

        var result = forward(tape);
        tape.Backward(result, seed);
        return (result.ToArray(), [.. leaves.Select(leaf => tape.Gradient(leaf)?.ToArray() ?? [])]);
    }

    private Tensor Normal(Shape shape, ulong seed)
    {
        var tensor = _device.Allocate(shape);
        _device.FillNormal(tensor, new SeededRandom(seed));
        return tensor;
    }
}
