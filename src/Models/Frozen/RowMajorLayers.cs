using System.Runtime.Intrinsics;
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

    /// <summary>Takes some outputs of a layer over from training, without activation.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="first">First output to keep.</param>
    /// <param name="count">Outputs to keep.</param>
    public static DenseLayer TakePart(Modules.Linear layer, int first, int count) => DenseLayer.FromOutputMajor(
        layer.Weight.ToArray().AsSpan(first * layer.Weight.Shape[1], count * layer.Weight.Shape[1]),
        layer.Bias.ToArray().AsSpan(first, count),
        Activation.Identity);

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

    /// <summary>Replaces each x by s = bound tanh(x / bound) and computes e^(factor s): the bits of <see cref="Bounded"/> and <see cref="Exp"/>, many at a time.</summary>
    /// <param name="values">x; receives s.</param>
    /// <param name="exponentials">Receives e^(sign s), at least as long.</param>
    /// <param name="bound">Bound, above 0.</param>
    /// <param name="factor">Factor in the exponent.</param>
    /// <param name="width">Vector registers to use.</param>
    public static void BoundedExp(Span<float> values, Span<float> exponentials, float bound, float factor, VectorWidth width)
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                BoundedExp<Lanes16, Vector512<float>>(values, exponentials, bound, factor);
                break;
            case VectorWidth.Bits256:
                BoundedExp<Lanes8, Vector256<float>>(values, exponentials, bound, factor);
                break;
            case VectorWidth.Bits128:
                BoundedExp<Lanes4, Vector128<float>>(values, exponentials, bound, factor);
                break;
            default:
                BoundedExp<Lanes1, float>(values, exponentials, bound, factor);
                break;
        }
    }

    /// <summary>Computes e^x.</summary>
    public static float Exp(float x) => ElementMath.Exp<Lanes1, float>(x);

    private static unsafe void BoundedExp<TLanes, TVector>(Span<float> values, Span<float> exponentials, float bound, float factor)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var done = values.Length - (values.Length % TLanes.Count);
        fixed (float* x = values, y = exponentials[..values.Length])
        {
            for (var i = 0; i < done; i += TLanes.Count)
            {
                var inner = TLanes.Multiply(TLanes.Load(x + i), TLanes.Broadcast(1 / bound));
                var bounded = TLanes.Multiply(TLanes.Broadcast(bound), ElementMath.Tanh<TLanes, TVector>(inner));
                TLanes.Store(bounded, x + i);
                TLanes.Store(ElementMath.Exp<TLanes, TVector>(TLanes.Multiply(TLanes.Broadcast(factor), bounded)), y + i);
            }

            for (var i = done; i < values.Length; i++)
            {
                x[i] = Bounded(x[i], bound);
                y[i] = Exp(factor * x[i]);
            }
        }
    }
}
