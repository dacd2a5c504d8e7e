using System.Numerics;
using System.Runtime.CompilerServices;

namespace AEAnomaly.Models.Neighbors;

/// <summary>Finds the smallest of many numbers.</summary>
internal static class NearestRows
{
    /// <summary>Finds the smallest values, ascending; of equal ones the first.</summary>
    /// <param name="values">Values, at least as many as are wanted; none is NaN.</param>
    /// <param name="smallest">Receives the values.</param>
    /// <param name="indices">Receives their indices; same length.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Find(ReadOnlySpan<float> values, Span<float> smallest, Span<int> indices)
    {
        smallest.Fill(float.PositiveInfinity);
        indices.Clear();
        var i = 0;

        // Once the first ones are in, most registers of values hold none that is smaller.
        for (; i + Vector<float>.Count <= values.Length; i += Vector<float>.Count)
        {
            if (!Vector.LessThanAny(new Vector<float>(values[i..]), new Vector<float>(smallest[^1])))
                continue;
            for (var j = i; j < i + Vector<float>.Count; j++)
                Insert(values[j], j, smallest, indices);
        }

        for (; i < values.Length; i++)
            Insert(values[i], i, smallest, indices);
    }

    /// <summary>Takes some of up to 64 further values, each if it is smaller than the largest of the smallest so far.</summary>
    /// <param name="values">The values; none is NaN.</param>
    /// <param name="which">A bit for each that is to be looked at.</param>
    /// <param name="first">Index of the first value among all.</param>
    /// <param name="smallest">The smallest so far, ascending, positive infinity where there were fewer; updated.</param>
    /// <param name="indices">Their indices; updated.</param>
    public static void Take(ReadOnlySpan<float> values, ulong which, int first, Span<float> smallest, Span<int> indices)
    {
        for (; which != 0; which &= which - 1)
        {
            var i = BitOperations.TrailingZeroCount(which);
            Insert(values[i], first + i, smallest, indices);
        }
    }

    /// <summary>Orders few values; of equal ones the first comes first. Each value's rank is counted: nothing here depends on a branch that is hard to guess.</summary>
    /// <param name="values">Values, whole groups of 16; those beyond <paramref name="count"/> are overwritten.</param>
    /// <param name="count">Values that count, at most 64.</param>
    /// <param name="order">Receives their indices, that of the smallest first.</param>
    public static void Rank(Span<float> values, int count, Span<int> order)
    {
        values[count..].Fill(float.PositiveInfinity);
        Span<int> ranks = stackalloc int[count];
        PaddedRows.Rank(values, ranks);
        for (var i = 0; i < count; i++)
            order[ranks[i]] = i;
    }

    private static void Insert(float value, int index, Span<float> smallest, Span<int> indices)
    {
        if (!(value < smallest[^1]))
            return;

        var at = smallest.Length - 1;
        for (; at > 0 && value < smallest[at - 1]; at--)
            (smallest[at], indices[at]) = (smallest[at - 1], indices[at - 1]);
        (smallest[at], indices[at]) = (value, index);
    }
}
