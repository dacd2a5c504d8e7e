using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Applies a fully connected layer: Y = X Wᵀ + b; dX = dY W, dW = dYᵀ X, db = column sums of dY.</summary>
/// <remarks>With ReLU, Y = max(X Wᵀ + b, 0) in the same pass, and dY counts only where Y > 0.</remarks>
internal static class AffineMap
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">X, <c>[rows, inputs]</c>.</param>
    /// <param name="weight">W, <c>[outputs, inputs]</c>.</param>
    /// <param name="bias">b, <c>[outputs]</c>.</param>
    /// <param name="relu">True to apply max(y, 0).</param>
    /// <returns>Y, <c>[rows, outputs]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor input, Tensor weight, Tensor bias, bool relu = false)
    {
        if (input.Shape.Rank != 2 || weight.Shape.Rank != 2 || input.Shape[1] != weight.Shape[1])
            throw new ArgumentException($"AffineMap: input {input.Shape} does not fit weight {weight.Shape}.");
        if (bias.Shape.Rank != 1 || bias.Shape[0] != weight.Shape[0])
            throw new ArgumentException($"AffineMap: bias {bias.Shape} does not fit weight {weight.Shape}.");

        var device = input.Device;
        var (rows, outputs) = (input.Shape[0], weight.Shape[0]);
        var result = device.Create(new Shape(rows, outputs));
        var columns = new AxisSplit(1, rows, outputs);
        device.Affine(input, weight, bias, relu, result);
        tape?.Record(
            result,
            gradient =>
            {
                // Nothing reads the gradient of the result after this: it may be masked in place.
                if (relu)
                    device.MaskByRelu(result, gradient);
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
