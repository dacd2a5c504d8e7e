using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Takes the patches of a one-dimensional convolution out of sequences and lays them back; each is the gradient of the other.</summary>
/// <remarks>
/// A convolution is an affine map of the patches; a transposed convolution is a product that gives patches, laid back and summed where they overlap
/// (Dumoulin and Visin, A guide to convolution arithmetic for deep learning, 2016).
/// </remarks>
internal static class Patches
{
    /// <summary>p[b t, k c] = x[b, t stride + k - padding, c], with 0 outside of the sequence.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="sequences">x, <c>[batch, length channels]</c>.</param>
    /// <param name="geometry">Where the patches lie.</param>
    /// <returns>p, <c>[batch positions, kernel channels]</c>.</returns>
    public static Tensor Unfold(Tape? tape, Tensor sequences, PatchGeometry geometry)
    {
        if (sequences.Shape.Rank != 2 || sequences.Shape[1] != geometry.SequenceWidth || geometry.Positions < 1)
            throw new ArgumentException($"Unfold: sequences {sequences.Shape} do not fit {geometry}.");

        var device = sequences.Device;
        var result = device.Create(new Shape(sequences.Shape[0] * geometry.Positions, geometry.PatchWidth));
        device.Unfold(sequences, geometry, result, accumulate: false);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(sequences) is { } sequencesGradient)
                    device.Fold(gradient, geometry, sequencesGradient);
            },
            sequences);
        return result;
    }

    /// <summary>x[b, s, c] = sum of p[b t, k c] over the t and k with t stride + k - padding = s.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="patches">p, <c>[batch positions, kernel channels]</c>.</param>
    /// <param name="geometry">Where the patches lie.</param>
    /// <returns>x, <c>[batch, length channels]</c>.</returns>
    public static Tensor Fold(Tape? tape, Tensor patches, PatchGeometry geometry)
    {
        if (patches.Shape.Rank != 2 || patches.Shape[1] != geometry.PatchWidth || geometry.Positions < 1 || patches.Shape[0] % geometry.Positions != 0)
            throw new ArgumentException($"Fold: patches {patches.Shape} do not fit {geometry}.");

        var device = patches.Device;
        var result = device.CreateZeros(new Shape(patches.Shape[0] / geometry.Positions, geometry.SequenceWidth));
        device.Fold(patches, geometry, result);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(patches) is { } patchesGradient)
                    device.Unfold(gradient, geometry, patchesGradient, accumulate: true);
            },
            patches);
        return result;
    }
}
