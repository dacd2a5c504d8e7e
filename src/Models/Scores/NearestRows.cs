using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Scores;

/// <summary>Finds the smallest of many numbers.</summary>
internal static class NearestRows
{
    private const int Lanes = 16;
    private const int Registers = 8;
    private const int Groups = Lanes * Registers;

    // Halvings of the range of the groups' minima; a looser bound only costs insertions.
    private const int Halvings = 16;

    /// <summary>Finds the smallest values, ascending; of equal ones the first.</summary>
    /// <param name="values">Values, at least as many as are wanted; none is NaN.</param>
    /// <param name="smallest">Receives the values.</param>
    /// <param name="indices">Receives their indices; same length.</param>
    public static void Find(ReadOnlySpan<float> values, Span<float> smallest, Span<int> indices)
    {
        smallest.Fill(MathF.BitIncrement(Bound(values, smallest.Length)));
        indices.Clear();
        var i = 0;
        for (; i + Lanes <= values.Length; i += Lanes)
        {
            var below = Vector512.LessThan(Vector512.Create(values.Slice(i, Lanes)), Vector512.Create(smallest[^1])).ExtractMostSignificantBits();
            for (; below != 0; below &= below - 1)
            {
                var index = i + BitOperations.TrailingZeroCount(below);
                Insert(values[index], index, smallest, indices);
            }
        }

        for (; i < values.Length; i++)
            Insert(values[i], i, smallest, indices);
    }

    // A number that at least so many values do not exceed: as many of the minima of groups do not. Few others are below, and only those are looked at one by one.
    private static float Bound(ReadOnlySpan<float> values, int count)
    {
        if (values.Length < 2 * Groups || count > Groups / 2)
            return float.PositiveInfinity;

        var registers = MemoryMarshal.Cast<float, Vector512<float>>(values[..(values.Length / Groups * Groups)]);
        var (a, b, c, d) = (registers[0], registers[1], registers[2], registers[3]);
        var (e, f, g, h) = (registers[4], registers[5], registers[6], registers[7]);
        for (var i = Registers; i < registers.Length; i += Registers)
        {
            (a, b) = (Vector512.Min(a, registers[i]), Vector512.Min(b, registers[i + 1]));
            (c, d) = (Vector512.Min(c, registers[i + 2]), Vector512.Min(d, registers[i + 3]));
            (e, f) = (Vector512.Min(e, registers[i + 4]), Vector512.Min(f, registers[i + 5]));
            (g, h) = (Vector512.Min(g, registers[i + 6]), Vector512.Min(h, registers[i + 7]));
        }

        ReadOnlySpan<Vector512<float>> minima = [a, b, c, d, e, f, g, h];
        var lanes = MemoryMarshal.Cast<Vector512<float>, float>(minima);
        var (low, high) = (lanes[0], lanes[0]);
        foreach (var value in lanes)
            (low, high) = (MathF.Min(low, value), MathF.Max(high, value));
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = low + ((high - low) / 2);
            var found = CountUpTo(minima, middle);
            if (found >= count)
                high = middle;
            else
                low = middle;
            if (found == count)
                break;
        }

        return high;
    }

    private static int CountUpTo(ReadOnlySpan<Vector512<float>> minima, float bound)
    {
        var count = 0;
        foreach (var minimum in minima)
            count += BitOperations.PopCount(Vector512.LessThanOrEqual(minimum, Vector512.Create(bound)).ExtractMostSignificantBits());
        return count;
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
