using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.Autograd;

public sealed class AffineMapReluTests
{
    private readonly CpuDevice _device = new();

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

        (float[] Values, float[][] Gradients) Run(Func<Tape, Tensor> forward)
        {
            var tape = new Tape(_device);
            foreach (var leaf in leaves)
                tape.Watch(leaf);

            var result = forward(tape);
            tape.Backward(result, seed);
            return (result.ToArray(), [.. leaves.Select(leaf => tape.Gradient(leaf)!.ToArray())]);
        }
    }

    private Tensor Normal(Shape shape, ulong seed)
    {
        var tensor = _device.Allocate(shape);
        _device.FillNormal(tensor, new SeededRandom(seed));
        return tensor;
    }
}
