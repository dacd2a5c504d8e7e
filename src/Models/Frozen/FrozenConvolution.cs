using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds a convolution, or a transposed one, for scoring.</summary>
/// <param name="Geometry">Where the patches lie in the longer of the two sequences.</param>
/// <param name="Map">
/// Of a convolution the map of a patch to a step, <c>[kernel channels, outputs]</c>; of a transposed one that of a step to a patch, <c>[inputs, kernel channels]</c>,
/// with one bias a channel.
/// </param>
internal sealed record FrozenConvolution(PatchGeometry Geometry, FrozenLinear Map)
{
    /// <summary>Convolves and applies max(y, 0).</summary>
    /// <param name="sequences">Row-major <c>[count, Length, Channels]</c>.</param>
    /// <param name="count">Number of sequences.</param>
    /// <param name="patches">Working memory for <c>[count, Positions, Kernel, Channels]</c>.</param>
    /// <param name="output">Receives <c>[count, Positions, outputs]</c>.</param>
    /// <returns>The part of <paramref name="output"/> that was written.</returns>
    public Span<float> Convolve(ReadOnlySpan<float> sequences, int count, Span<float> patches, Span<float> output)
    {
        var rows = count * Geometry.Positions;
        patches = patches[..(rows * Geometry.PatchWidth)];
        output = output[..(rows * Map.Bias.Length)];
        PatchKernels.Unfold(sequences, Geometry, count, patches, accumulate: false);
        Map.Apply(patches, output, rows, relu: true);
        return output;
    }

    /// <summary>Convolves transposed.</summary>
    /// <param name="sequences">Row-major <c>[count, Positions, inputs]</c>.</param>
    /// <param name="count">Number of sequences.</param>
    /// <param name="patches">Working memory for <c>[count, Positions, Kernel, Channels]</c>.</param>
    /// <param name="output">Receives <c>[count, Length, Channels]</c>.</param>
    /// <param name="relu">True to apply max(y, 0).</param>
    /// <returns>The part of <paramref name="output"/> that was written.</returns>
    public Span<float> Spread(ReadOnlySpan<float> sequences, int count, Span<float> patches, Span<float> output, bool relu)
    {
        var rows = count * Geometry.Positions;
        patches = patches[..(rows * Geometry.PatchWidth)];
        output = output[..(count * Geometry.SequenceWidth)];
        MatrixKernels.Multiply(
            sequences, false, Map.Weights, false, patches, rows, Geometry.PatchWidth, Map.Weights.Length / Geometry.PatchWidth, accumulate: false);
        output.Clear();
        PatchKernels.Fold(patches, Geometry, count, output);
        for (var step = 0; step < output.Length; step += Geometry.Channels)
        {
            for (var channel = 0; channel < Geometry.Channels; channel++)
            {
                ref var value = ref output[step + channel];
                value += Map.Bias[channel];
                if (relu && value < 0)
                    value = 0;
            }
        }

        return output;
    }
}
