using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Applies a fully connected layer: Y = X Wᵀ + b; dX = dY W, dW = dYᵀ X, db = column sums of dY.</summary>
internal static class AffineMap
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">X, <c>[rows, inputs]</c>.</param>
    /// <param name="weight">W, <c>[outputs, inputs]</c>.</param>
    /// <param name="bias">b, <c>[outputs]</c>.</param>
    /// <returns>Y, <c>[rows, outputs]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor input, Tensor weight, Tensor bias)
    {
        if (input.Shape.Rank != 2 || weight.Shape.Rank != 2 || input.Shape[1] != weight.Shape[1])
            throw new ArgumentException($"AffineMap: input {input.Shape} does not fit weight {weight.Shape}.");
        if (bias.Shape.Rank != 1 || bias.Shape[0] != weight.Shape[0])
            throw new ArgumentException($"AffineMap: bias {bias.Shape} does not fit weight {weight.Shape}.");

        var device = input.Device;
        var (rows, outputs) = (input.Shape[0], weight.Shape[0]);
        var result = device.CreateZeros(new Shape(rows, outputs));
        var columns = new AxisSplit(1, rows, outputs);
        device.AddBroadcast(bias, 1, columns, result);
        device.MatMul(input, false, weight, true, result, accumulate: true);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(bias) is { } biasGradient)
                    device.Sum(gradient, columns, 1, biasGradient, accumulate: true);
                if (tape.Gradient(weight) is { } weightGradient)
                    device.MatMul(gradient, true, input, false, weightGradient, accumulate: true);
                if (tape.Gradient(input) is { } inputGradient)
                    device.MatMul(gradient, false, weight, false, inputGradient, accumulate: true);
            },
            input,
            weight,
            bias);
        return result;
    }
}
