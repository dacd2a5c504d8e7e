using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Neighbors;

/// <summary>Works on vectors that are padded with zeros to whole groups of 16 floats: sixteen chains of fused multiply-adds, the same bits on every machine.</summary>
internal static class PaddedRows
{
    /// <summary>Floats of a group.</summary>
    public const int Group = 16;

    /// <summary>Groups of <see cref="GroupMinima"/>.</summary>
    public const int MinimumGroups = 4 * Group;

    private const int Bisections = 24;

    /// <summary>Rounds a width up to whole groups.</summary>
    public static int StrideOf(int width) => (width + Group - 1) / Group * Group;

    /// <summary>Gets a group.</summary>
    public static Vector512<float> At(ReadOnlySpan<float> values, int start) => Vector512.Create(values.Slice(start, Group));

    /// <summary>Computes |left - right|².</summary>
    /// <param name="left">Vector of whole groups.</param>
    /// <param name="right">Vector of the same length.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquaredDistance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector512<float>.Zero;
        ref var leftStart = ref MemoryMarshal.GetReference(left);
        ref var rightStart = ref MemoryMarshal.GetReference(right[..left.Length]);
        for (var i = 0; i + Group <= left.Length; i += Group)
        {
            var difference = Vector512.LoadUnsafe(ref leftStart, (nuint)i) - Vector512.LoadUnsafe(ref rightStart, (nuint)i);
            sums = Vector512.FusedMultiplyAdd(difference, difference, sums);
        }

        return Sum(sums);
    }

    /// <summary>Computes |vector|².</summary>
    /// <param name="vector">Vector of whole groups.</param>
    public static float Square(ReadOnlySpan<float> vector)
    {
        var sums = Vector512<float>.Zero;
        for (var i = 0; i < vector.Length; i += Group)
            sums = Vector512.FusedMultiplyAdd(At(vector, i), At(vector, i), sums);
        return Sum(sums);
    }

    /// <summary>Finds the least value of each of 64 groups: those whose indices leave the same remainder.</summary>
    /// <param name="values">Values, a multiple of 64; none is NaN.</param>
    /// <param name="least">Receives 64 values.</param>
    public static void GroupMinima(ReadOnlySpan<float> values, Span<float> least)
    {
        var (a, b, c, d) = (At(values, 0), At(values, 16), At(values, 32), At(values, 48));
        for (var i = 64; i < values.Length; i += 64)
        {
            a = Vector512.MinNative(a, At(values, i));
            b = Vector512.MinNative(b, At(values, i + 16));
            c = Vector512.MinNative(c, At(values, i + 32));
            d = Vector512.MinNative(d, At(values, i + 48));
        }

        a.CopyTo(least);
        b.CopyTo(least[16..]);
        c.CopyTo(least[32..]);
        d.CopyTo(least[48..]);
    }

    /// <summary>Finds the least value of each of 16 groups: those whose indices leave the same remainder.</summary>
    /// <param name="values">Values, a multiple of 16; none is NaN.</param>
    /// <param name="least">Receives 16 values.</param>
    public static void LaneMinima(ReadOnlySpan<float> values, Span<float> least)
    {
        var smallest = At(values, 0);
        for (var i = Group; i < values.Length; i += Group)
            smallest = Vector512.MinNative(smallest, At(values, i));
        smallest.CopyTo(least);
    }

    /// <summary>Finds the least and the greatest value.</summary>
    /// <param name="values">Values, a multiple of 16; none is NaN.</param>
    public static (float Least, float Greatest) Range(ReadOnlySpan<float> values)
    {
        var (least, greatest) = (At(values, 0), At(values, 0));
        for (var i = Group; i < values.Length; i += Group)
            (least, greatest) = (Vector512.MinNative(least, At(values, i)), Vector512.MaxNative(greatest, At(values, i)));
        return (Least(least), -Least(-greatest));
    }

    /// <summary>Finds a limit at or below which there are few values, by bisection.</summary>
    /// <param name="values">Values, a multiple of 16.</param>
    /// <param name="low">The least value.</param>
    /// <param name="high">A value with at least <paramref name="fewest"/> at or below it.</param>
    /// <param name="fewest">Values that there must be at or below the limit.</param>
    /// <param name="most">Values that are few enough; more only where they hardly differ.</param>
    public static float Limit(ReadOnlySpan<float> values, float low, float high, int fewest, int most)
    {
        for (var i = 0; i < Bisections; i++)
        {
            var middle = low + ((high - low) / 2);
            var count = CountUpTo(values, middle);
            if (count < fewest)
                low = middle;
            else
                high = middle;
            if (count >= fewest && count <= most)
                break;
        }

        return high;
    }

    /// <summary>Counts values at or below a limit.</summary>
    /// <param name="values">Values, a multiple of 16.</param>
    /// <param name="limit">Limit.</param>
    public static int CountUpTo(ReadOnlySpan<float> values, float limit)
    {
        var count = 0;
        for (var i = 0; i < values.Length; i += Group)
            count += BitOperations.PopCount(MaskUpTo(values, i, limit));
        return count;
    }

    /// <summary>Lists the indices of values at or below a limit, ascending.</summary>
    /// <param name="values">Values, a multiple of 16.</param>
    /// <param name="limit">Limit.</param>
    /// <param name="indices">Receives as many as there is room for.</param>
    /// <returns>How many there are, though there may be room for less.</returns>
    public static int FindUpTo(ReadOnlySpan<float> values, float limit, Span<int> indices)
    {
        var count = 0;
        for (var i = 0; i < values.Length; i += Group)
        {
            for (var mask = MaskUpTo(values, i, limit); mask != 0; mask &= mask - 1, count++)
            {
                if (count < indices.Length)
                    indices[count] = i + BitOperations.TrailingZeroCount(mask);
            }
        }

        return count;
    }

    /// <summary>Finds each value's rank: how many are smaller, and of equal ones are to the left.</summary>
    /// <param name="values">Values, a multiple of 16, at most 64; the ones beyond the ranked are greater than any.</param>
    /// <param name="ranks">Receives the ranks of the first values, as many as there is room for.</param>
    public static void Rank(ReadOnlySpan<float> values, Span<int> ranks)
    {
        ranks.Clear();
        for (var i = 0; i < values.Length; i += Group)
        {
            var group = At(values, i);
            for (var j = 0; j < ranks.Length; j++)
            {
                var value = Vector512.Create(values[j]);
                var left = j <= i ? 0 : j >= i + Group ? ulong.MaxValue : (1ul << (j - i)) - 1;
                var smaller = Vector512.LessThan(group, value).ExtractMostSignificantBits();
                var equal = Vector512.Equals(group, value).ExtractMostSignificantBits();
                ranks[j] += BitOperations.PopCount(smaller | (equal & left));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Sum(Vector512<float> sums)
    {
        var half = sums.GetLower() + sums.GetUpper();
        var quarter = half.GetLower() + half.GetUpper();
        return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Least(Vector512<float> values)
    {
        var half = Vector256.MinNative(values.GetLower(), values.GetUpper());
        var quarter = Vector128.MinNative(half.GetLower(), half.GetUpper());
        quarter = Vector128.MinNative(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return float.MinNative(quarter[0], quarter[1]);
    }

    private static ulong MaskUpTo(ReadOnlySpan<float> values, int start, float limit) =>
        Vector512.LessThanOrEqual(At(values, start), Vector512.Create(limit)).ExtractMostSignificantBits();
}
