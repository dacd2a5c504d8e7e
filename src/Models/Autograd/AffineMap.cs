using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Applies fully connected layers: Y = X Wᵀ + b; dX = dY W, dW = dYᵀ X, db = column sums of dY.</summary>
/// <remarks>
/// With ReLU, Y = max(X Wᵀ + b, 0) in the same pass, and dY counts only where Y > 0. Layers are one operation, so that the step back from a layer masks the gradient
/// of the layer before it, and sums it for that one's bias, while the product is still in registers.
/// </remarks>
internal static class AffineMap
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">X, <c>[rows, inputs]</c>.</param>
    /// <param name="weight">W, <c>[outputs, inputs]</c>.</param>
    /// <param name="bias">b, <c>[outputs]</c>.</param>
    /// <param name="relu">True to apply max(y, 0).</param>
    /// <returns>Y, <c>[rows, outputs]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor input, Tensor weight, Tensor bias, bool relu = false) =>
        Apply(tape, input, [new AffineLayer(weight, bias, relu)]);

    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">X, <c>[rows, inputs]</c>.</param>
    /// <param name="layers">Layers, one after the other; at least one.</param>
    /// <returns>Y of the last layer, <c>[rows, outputs]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor input, AffineLayer[] layers)
    {
        var values = new Tensor[layers.Length + 1];
        values[0] = input;
        for (var i = 0; i < layers.Length; i++)
        {
            CheckShapes(values[i], layers[i]);
            values[i + 1] = input.Device.Create(new Shape(input.Shape[0], layers[i].Weight.Shape[0]));
            input.Device.Affine(values[i], layers[i].Weight, layers[i].Bias, layers[i].Relu, values[i + 1]);
        }

        if (tape is null)
            return values[^1];

        var lowest = LowestTracked(tape, input, layers);
        if (lowest <= layers.Length)
            tape.RecordTracked(values[^1], gradient => Backward(tape, values, layers, lowest, gradient));
        return values[^1];
    }

    private static void CheckShapes(Tensor input, AffineLayer layer)
    {
        var (weight, bias) = (layer.Weight.Shape, layer.Bias.Shape);
        if (input.Shape.Rank != 2 || weight.Rank != 2 || input.Shape[1] != weight[1])
            throw new ArgumentException($"AffineMap: input {input.Shape} does not fit weight {weight}.");
        if (bias.Rank != 1 || bias[0] != weight[0])
            throw new ArgumentException($"AffineMap: bias {bias} does not fit weight {weight}.");
    }

    // 0 for the input, i for layer i counted from 1: below that no gradient is wanted.
    private static int LowestTracked(Tape tape, Tensor input, AffineLayer[] layers)
    {
        if (tape.Tracks(input))
            return 0;

        var lowest = 1;
        while (lowest <= layers.Length && !tape.Tracks(layers[lowest - 1].Weight) && !tape.Tracks(layers[lowest - 1].Bias))
            lowest++;
        return lowest;
    }

    private static void Backward(Tape tape, Tensor[] values, AffineLayer[] layers, int lowest, Tensor gradient)
    {
        var device = gradient.Device;

        // Nothing reads the gradient of the result after this: it may be masked in place.
        if (layers[^1].Relu)
            device.MaskByRelu(values[^1], gradient);

        var hasBiasSums = false;
        for (var i = layers.Length - 1; i >= 0; i--)
        {
            if (!hasBiasSums && tape.Gradient(layers[i].Bias, out var accumulate) is { } biasGradient)
                device.Sum(gradient, new AxisSplit(1, gradient.Shape[0], gradient.Shape[1]), 1, biasGradient, accumulate);
            if (tape.Gradient(layers[i].Weight, out accumulate) is { } weightGradient)
                device.MatMul(gradient, true, values[i], false, weightGradient, accumulate);
            if (i + 1 <= lowest)
                return;

            if (i == 0)
            {
                if (tape.Gradient(values[0], out accumulate) is { } inputGradient)
                    device.MatMul(gradient, false, layers[0].Weight, false, inputGradient, accumulate);
                return;
            }

            (gradient, hasBiasSums) = StepBack(tape, gradient, layers[i].Weight, values[i], layers[i - 1]);
        }
    }

    /// <summary>Computes the gradient of the sums of the layer below, and that of its bias where the same pass can.</summary>
    private static (Tensor Gradient, bool HasBiasSums) StepBack(Tape tape, Tensor gradient, Tensor weight, Tensor values, AffineLayer below)
    {
        var device = gradient.Device;
        var result = device.Create(values.Shape);
        if (below.Relu && tape.Gradient(below.Bias, out var accumulate) is { } biasGradient)
        {
            device.MatMulMasked(gradient, weight, values, result, biasGradient, accumulate);
            return (result, true);
        }

        device.MatMul(gradient, false, weight, false, result, accumulate: false);
        if (below.Relu)
            device.MaskByRelu(values, result);
        return (result, false);
    }
}
