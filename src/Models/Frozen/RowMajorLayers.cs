using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Applies dense layers and element-wise functions to row-major values, with the same bits everywhere.</summary>
internal static class RowMajorLayers
{
    /// <summary>Takes a layer over from training.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="relu">True when it applies max(x, 0).</param>
    /// <param name="outputs">Outputs to keep, the first ones; null for all.</param>
    public static DenseLayer Take(Modules.Linear layer, bool relu, int? outputs = null)
    {
        var kept = outputs ?? layer.Weight.Shape[0];
        return DenseLayer.FromOutputMajor(
            layer.Weight.ToArray().AsSpan(0, kept * layer.Weight.Shape[1]),
            layer.Bias.ToArray().AsSpan(0, kept),
            relu ? Activation.Relu : Activation.Identity);
    }

    /// <summary>Takes a stack over from training: ReLU between each two layers.</summary>
    public static DenseLayer[] Take(Modules.Mlp stack) =>
        [.. stack.Layers.Select((layer, i) => Take(layer, relu: i < stack.Layers.Count - 1))];

    /// <summary>Computes output = activation(input weights + bias); the activation is the identity or ReLU.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="input">At least <c>[rows, layer.Inputs]</c>.</param>
    /// <param name="output">At least <c>[rows, layer.Outputs]</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Vector registers to use.</param>
    public static void Run(DenseLayer layer, ReadOnlySpan<float> input, Span<float> output, int rows, VectorWidth width) => MatrixKernels.Linear(
        input[..(rows * layer.Inputs)],
        layer.Weights,
        transposeWeights: false,
        layer.Bias,
        output[..(rows * layer.Outputs)],
        rows,
        layer.Outputs,
        layer.Inputs,
        layer.Activation == Activation.Relu,
        width);

    /// <summary>Sends rows through a stack.</summary>
    /// <param name="stack">Layers.</param>
    /// <param name="input">At least <c>[rows, inputs]</c>; neither of the buffers.</param>
    /// <param name="first">Room for the widest layer.</param>
    /// <param name="second">Room for the widest layer.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Vector registers to use.</param>
    /// <returns>The outputs, in one of the two buffers.</returns>
    public static Span<float> Run(DenseLayer[] stack, ReadOnlySpan<float> input, Span<float> first, Span<float> second, int rows, VectorWidth width)
    {
        Run(stack[0], input, first, rows, width);
        var from = first;
        var to = second;
        for (var i = 1; i < stack.Length; i++)
        {
            Run(stack[i], from, to, rows, width);
            var swap = from;
            from = to;
            to = swap;
        }

        return from[..(rows * stack[^1].Outputs)];
    }

    /// <summary>Computes bound tanh(x / bound).</summary>
    public static float Bounded(float x, float bound) => bound * ElementMath.Tanh<Lanes1, float>(x * (1 / bound));

    /// <summary>Computes e^x.</summary>
    public static float Exp(float x) => ElementMath.Exp<Lanes1, float>(x);
}
