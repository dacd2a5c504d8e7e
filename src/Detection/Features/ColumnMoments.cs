namespace AEAnomaly.Detection.Features;

/// <summary>Holds mean, standard deviation and skewness of a column, for any finite values.</summary>
/// <param name="Minimum">Smallest value.</param>
/// <param name="Maximum">Largest value.</param>
/// <param name="Mean">Mean.</param>
/// <param name="Deviation">Standard deviation of the population; 0 only where all values are equal or closer than doubles can tell.</param>
/// <param name="Skewness">Third standardised moment; 0 without deviation.</param>
internal readonly record struct ColumnMoments(double Minimum, double Maximum, double Mean, double Deviation, double Skewness)
{
    /// <summary>Measures a column by Welford's update, extended to the third moment (Pébay 2008); sums of squares would cancel.</summary>
    /// <param name="values">Finite values, at least one.</param>
    public static ColumnMoments Measure(ReadOnlySpan<double> values)
    {
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        foreach (var value in values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }

        if (minimum == maximum)
            return new ColumnMoments(minimum, maximum, minimum, 0, 0);

        // Brought into [-1, 1] by a power of two, which is exact, so that neither 1e308 nor a subnormal leaves the range of doubles when multiplied.
        var exponent = Math.ILogB(Math.Max(Math.Abs(minimum), Math.Abs(maximum))) + 1;
        double mean = 0, second = 0, third = 0;
        var count = 0L;
        foreach (var value in values)
        {
            count++;
            var delta = Math.ScaleB(value, -exponent) - mean;
            var step = delta / count;
            var term = delta * step * (count - 1);
            mean += step;
            third += (term * step * (count - 2)) - (3 * step * second);
            second += term;
        }

        var deviation = Math.Sqrt(second / count);
        var skewness = second > 0 ? third / count / (deviation * deviation * deviation) : 0;
        return new ColumnMoments(
            minimum, maximum, Math.ScaleB(mean, exponent), Math.ScaleB(deviation, exponent), double.IsFinite(skewness) ? skewness : 0);
    }
}
