using System.Numerics;
using System.Runtime.InteropServices;

namespace AEAnomaly.Models.Kernels;

/// <summary>Takes patches out of sequences and lays them back; each is the other's transpose.</summary>
internal static class PatchKernels
{
    /// <summary>patches[b, p, k, c] (+)= sequences[b, p stride + k - padding, c], with 0 outside of the sequence.</summary>
    /// <param name="sequences">Row-major <c>[count, Length, Channels]</c>.</param>
    /// <param name="geometry">Where the patches lie.</param>
    /// <param name="count">Number of sequences.</param>
    /// <param name="patches">Row-major <c>[count, Positions, Kernel, Channels]</c>.</param>
    /// <param name="accumulate">True to add to what is there.</param>
    public static void Unfold(ReadOnlySpan<float> sequences, PatchGeometry geometry, int count, Span<float> patches, bool accumulate)
    {
        if (!accumulate)
            patches.Clear();
        for (var i = 0; i < count * geometry.Positions; i++)
        {
            var (sequence, patch, length) = Overlap(geometry, i);
            if (accumulate)
                Add(sequences.Slice(sequence, length), patches.Slice(patch, length));
            else
                sequences.Slice(sequence, length).CopyTo(patches[patch..]);
        }
    }

    /// <summary>sequences[b, t, c] += sum of patches[b, p, k, c] over the p and k with p stride + k - padding = t.</summary>
    /// <param name="patches">Row-major <c>[count, Positions, Kernel, Channels]</c>.</param>
    /// <param name="geometry">Where the patches lie.</param>
    /// <param name="count">Number of sequences.</param>
    /// <param name="sequences">Row-major <c>[count, Length, Channels]</c>; added to.</param>
    public static void Fold(ReadOnlySpan<float> patches, PatchGeometry geometry, int count, Span<float> sequences)
    {
        for (var i = 0; i < count * geometry.Positions; i++)
        {
            var (sequence, patch, length) = Overlap(geometry, i);
            Add(patches.Slice(patch, length), sequences.Slice(sequence, length));
        }
    }

    // The part of a patch that lies inside of its sequence is adjacent in both.
    private static (int Sequence, int Patch, int Length) Overlap(PatchGeometry geometry, int index)
    {
        var (batch, position) = Math.DivRem(index, geometry.Positions);
        var first = (position * geometry.Stride) - geometry.Padding;
        var from = Math.Clamp(-first, 0, geometry.Kernel);
        var to = Math.Clamp(geometry.Length - first, from, geometry.Kernel);
        return (
            to == from ? 0 : (batch * geometry.SequenceWidth) + ((first + from) * geometry.Channels),
            (index * geometry.PatchWidth) + (from * geometry.Channels),
            (to - from) * geometry.Channels);
    }

    private static void Add(ReadOnlySpan<float> source, Span<float> target)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(source);
        var y = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (var i = 0; i < x.Length; i++)
            y[i] += x[i];
        for (var i = x.Length * Vector<float>.Count; i < source.Length; i++)
            target[i] += source[i];
    }
}
