using AEAnomaly.Models.Features;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Measures a reconstruction row by row: <see cref="BlockErrors"/>, weighted and summed over the blocks in one pass.</summary>
/// <remarks>E = sum_b w_b m_b e_b, m_b = 0 where a block is missing; dz_j = dE w_b m_b de_b/dz_j. Target, weights and flags are constants.</remarks>
internal static class RowErrors
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="layout">Blocks of a row.</param>
    /// <param name="output">z, <c>[rows, layout.Width]</c>: means of real features, logits of the others.</param>
    /// <param name="target">x, same shape.</param>
    /// <param name="weights">w, <c>[layout.BlockCount]</c>.</param>
    /// <param name="present">m, <c>[rows, layout.BlockCount]</c>, or null when no block is missing.</param>
    /// <returns>E, <c>[rows]</c>.</returns>
    public static Tensor Apply(Tape? tape, FeatureLayout layout, Tensor output, Tensor target, Tensor weights, Tensor? present)
    {
        if (output.Shape.Rank != 2 || output.Shape != target.Shape || output.Shape[1] != layout.Width)
            throw new ArgumentException($"RowErrors: output {output.Shape} and target {target.Shape} do not fit a layout of {layout.Width} features.");
        if (weights.Count != layout.BlockCount || (present is not null && present.Shape != new Shape(output.Shape[0], layout.BlockCount)))
            throw new ArgumentException($"RowErrors: weights {weights.Shape} and flags {present?.Shape} do not fit {output.Shape[0]} rows of {layout.BlockCount} blocks.");

        var device = output.Device;
        var result = device.Create(new Shape(output.Shape[0]));
        device.RowErrors(layout, output, target, weights, present, result);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(output, out var accumulate) is { } outputGradient)
                    device.RowErrorsBackward(layout, output, target, weights, present, gradient, outputGradient, accumulate);
            },
            output);
        return result;
    }
}
