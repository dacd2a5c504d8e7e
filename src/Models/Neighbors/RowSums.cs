using System.Numerics;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Neighbors;

/// <summary>Sums over the values of a row in a fixed order: eight chains, whatever registers the machine has.</summary>
internal static class RowSums
{
    private const int Chains = 8;

    /// <summary>Computes the sum of squares.</summary>
    public static float Squares(ReadOnlySpan<float> values) => Products(values, values);

    /// <summary>Computes the sum of products.</summary>
    /// <param name="left">Values.</param>
    /// <param name="right">As many values.</param>
    public static float Products(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        // Multiplied and added with a rounding each: what every machine can do in the same way.
        var sums = Vector256<float>.Zero;
        var i = 0;
        for (; i + Chains <= left.Length; i += Chains)
            sums += Vector256.Create(left.Slice(i, Chains)) * Vector256.Create(right.Slice(i, Chains));

        var rest = 0f;
        for (; i < left.Length; i++)
            rest += left[i] * right[i];
        return ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + rest;
    }

    /// <summary>Computes left - right, value by value.</summary>
    public static void Subtract(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> difference)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= left.Length; i += Vector<float>.Count)
            (new Vector<float>(left[i..]) - new Vector<float>(right[i..])).CopyTo(difference[i..]);
        for (; i < left.Length; i++)
            difference[i] = left[i] - right[i];
    }

    /// <summary>Computes left x right, value by value.</summary>
    public static void Multiply(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> product)
    {
        var i = 0;
        for (; i + Vector<float>.Count <= left.Length; i += Vector<float>.Count)
            (new Vector<float>(left[i..]) * new Vector<float>(right[i..])).CopyTo(product[i..]);
        for (; i < left.Length; i++)
            product[i] = left[i] * right[i];
    }
}
