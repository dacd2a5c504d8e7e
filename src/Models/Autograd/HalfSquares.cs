using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Measures the squared length of each row: y = sum_j x_j² / 2; dx_j = dy x_j.</summary>
internal static class HalfSquares
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">x, <c>[rows, columns]</c>.</param>
    /// <returns>y, <c>[rows]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor input)
    {
        if (input.Shape.Rank != 2)
            throw new ArgumentException($"HalfSquares: input {input.Shape} is no matrix.");

        var device = input.Device;
        var split = AxisSplit.Over(input.Shape, 1, 1);
        var sums = device.CreateZeros(new Shape(input.Shape[0]));
        device.SumProduct(input, input, split, sums);
        var result = device.Create(sums.Shape);
        device.ScaleOffset(sums, 0.5f, 0, result);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(input, out var accumulate) is not { } inputGradient)
                    return;
                if (accumulate)
                    device.MultiplyAdd(input, gradient, split, inputGradient);
                else
                    device.Binary(BinaryFunction.Multiply, input, gradient, split, inputGradient);
            },
            input);
        return result;
    }
}
