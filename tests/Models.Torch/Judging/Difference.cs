namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Measures how far two computations of the same numbers are apart.</summary>
internal static class Difference
{
    /// <summary>Finds the largest |found - expected|, each relative to the larger of |expected| and the root mean square of all that is expected.</summary>
    /// <returns>Infinity where only one side is a number, or where nothing but zeros was expected and something else found.</returns>
    public static double Largest(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        if (expected.Length != found.Length)
            throw new ArgumentException($"{found.Length} values found where {expected.Length} are expected.");

        var squares = 0.0;
        foreach (var value in expected)
            squares += (double)value * value;
        var scale = Math.Sqrt(squares / expected.Length);
        var largest = 0.0;
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] == found[i] || (float.IsNaN(expected[i]) && float.IsNaN(found[i])))
                continue;
            var difference = Math.Abs((double)found[i] - expected[i]) / Math.Max(Math.Abs(expected[i]), scale);
            largest = Math.Max(largest, double.IsNaN(difference) ? double.PositiveInfinity : difference);
        }

        return largest;
    }
}
