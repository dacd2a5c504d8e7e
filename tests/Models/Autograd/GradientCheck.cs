using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.Autograd;

/// <summary>Compares the gradients of an operation with central differences.</summary>
internal static class GradientCheck
{
    private const float Step = 0.01f;

    // Truncation is of order Step² = 1e-4, rounding of float32 outputs divided by Step of order 1e-5.
    private const double Tolerance = 2e-3;

    /// <summary>Checks every element of every input against (f(x + h) - f(x - h)) / 2h, f = sum(seed * result) with a random seed tensor.</summary>
    /// <param name="operation">Operation under test.</param>
    /// <param name="inputs">Inputs; the operation's result depends on each.</param>
    public static void Run(Func<Tape?, Tensor[], Tensor> operation, params Tensor[] inputs)
    {
        var device = inputs[0].Device;
        var tape = new Tape(device);
        foreach (var input in inputs)
            tape.Watch(input);
        var result = operation(tape, inputs);
        var seed = Normal(device, result.Shape, 99);
        tape.Backward(result, seed);

        var weights = seed.ToArray();
        for (var i = 0; i < inputs.Length; i++)
        {
            var gradient = tape.Gradient(inputs[i])!.ToArray();
            var values = inputs[i].ToArray();
            for (var j = 0; j < values.Length; j++)
            {
                var original = values[j];
                var above = original + Step;
                var below = original - Step;
                var difference = Objective(values, j, above) - Objective(values, j, below);
                values[j] = original;
                inputs[i].Device.Upload(values, inputs[i]);
                var expected = difference / ((double)above - below);
                var bound = Tolerance * (1 + Math.Abs(expected));
                Assert.True(
                    Math.Abs(gradient[j] - expected) <= bound,
                    $"Input {i} {inputs[i].Shape}, element {j}: gradient {gradient[j]}, central difference {expected}.");
            }

            double Objective(float[] changed, int index, float value)
            {
                changed[index] = value;
                device.Upload(changed, inputs[i]);
                using var scope = device.BeginScope();
                var output = operation(null, inputs).ToArray();
                return output.Zip(weights, (left, right) => (double)left * right).Sum();
            }
        }
    }

    public static Tensor Normal(Device device, Shape shape, ulong seed, float scale = 1, float offset = 0)
    {
        var random = new SeededRandom(seed);
        var values = new float[shape.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = offset + (scale * (float)random.NextNormal());
        return device.Create(shape, values);
    }

    /// <summary>Draws values at least 0.1 away from 0, where a kink may be.</summary>
    public static Tensor AwayFromZero(Device device, Shape shape, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[shape.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((0.1 + (2 * random.NextDouble())) * (random.NextInt32(2) == 0 ? -1 : 1));
        return device.Create(shape, values);
    }

    /// <summary>Draws values from 0.2 to 2.2, where a logarithm is tame.</summary>
    public static Tensor Positive(Device device, Shape shape, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[shape.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(0.2 + (2 * random.NextDouble()));
        return device.Create(shape, values);
    }

    public static CpuDevice NewDevice() => new();
}
