using AEAnomaly.Models.Features;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Measures a reconstruction block by block, each by the likelihood of its kind.</summary>
/// <remarks>
/// With output z, target x and j over the features of a block:
/// real: e = sum_j (z_j - x_j)², de/dz_j = 2 (z_j - x_j);
/// binary: e = sum_j softplus(z_j) - x_j z_j, de/dz_j = sigmoid(z_j) - x_j;
/// category: e = -sum_j x_j log softmax(z)_j, de/dz_j = softmax(z)_j sum(x) - x_j.
/// The target is a constant.
/// </remarks>
internal static class BlockErrors
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="layout">Blocks of a row.</param>
    /// <param name="output">z, <c>[rows, layout.Width]</c>: means of real features, logits of the others.</param>
    /// <param name="target">x, same shape.</param>
    /// <returns>e, <c>[rows, layout.BlockCount]</c>, unweighted.</returns>
    public static Tensor Apply(Tape? tape, FeatureLayout layout, Tensor output, Tensor target)
    {
        if (output.Shape.Rank != 2 || output.Shape != target.Shape || output.Shape[1] != layout.Width)
            throw new ArgumentException($"BlockErrors: output {output.Shape} and target {target.Shape} do not fit a layout of {layout.Width} features.");

        var device = output.Device;
        var result = device.Create(new Shape(output.Shape[0], layout.BlockCount));
        device.BlockErrors(layout, output, target, result);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(output) is { } outputGradient)
                    device.BlockErrorsBackward(layout, output, target, gradient, outputGradient);
            },
            output);
        return result;
    }
}
