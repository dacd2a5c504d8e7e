using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds a fully connected layer for scoring: Y = X W + b.</summary>
/// <param name="Weights">W, row-major <c>[inputs, outputs]</c>.</param>
/// <param name="Bias">b, <c>[outputs]</c>; or less for a layer that has none of its own.</param>
internal sealed record FrozenLinear(float[] Weights, float[] Bias)
{
    /// <summary>Copies a layer.</summary>
    public static FrozenLinear Of(Linear layer) => Of(layer.Weight, layer.Bias);

    /// <summary>Copies weights stored as <c>[outputs, inputs]</c>.</summary>
    public static FrozenLinear Of(Tensor weight, Tensor bias) =>
        new(DenseLayer.FromOutputMajor(weight.ToArray(), bias.ToArray(), Activation.Identity).Weights, bias.ToArray());

    /// <summary>Copies weights stored as <c>[inputs, outputs]</c>.</summary>
    public static FrozenLinear OfInputMajor(Tensor weight, Tensor bias) => new(weight.ToArray(), bias.ToArray());

    /// <summary>Applies the layer to rows.</summary>
    /// <param name="input">Row-major <c>[rows, inputs]</c>.</param>
    /// <param name="output">Receives <c>[rows, outputs]</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="relu">True to apply max(y, 0).</param>
    public void Apply(ReadOnlySpan<float> input, Span<float> output, int rows, bool relu = false) =>
        MatrixKernels.Linear(input, Weights, transposeWeights: false, Bias, output, rows, Bias.Length, Weights.Length / Bias.Length, relu);
}
