using System.Text.Json;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Encodes a number as the normal quantile of its rank in training.</summary>
/// <remarks>
/// Piecewise linear between at most <see cref="MaxKnots"/> training values. Beyond the training range it goes on linearly, one unit for each
/// standard deviation of training,
/// so that a value ten times the largest one is not taken for the largest one.
/// </remarks>
internal sealed class QuantileTransform : NumericTransform
{
    public const string Name = "quantile";

    private const int MaxKnots = 1001;

    private readonly double[] _values;
    private readonly double[] _normals;
    private readonly double _scale;

    private QuantileTransform(double[] values, double[] normals, double scale, NumericRange range)
        : base(range)
    {
        _values = values;
        _normals = normals;
        _scale = scale;
    }

    public override bool IsConstant => false;

    protected override string Encoding => Name;

    /// <param name="sorted">Values in rising order, at least two distinct ones.</param>
    /// <param name="moments">Their moments, with a deviation above 0.</param>
    /// <param name="range">Their range.</param>
    public static QuantileTransform Fit(ReadOnlySpan<double> sorted, in ColumnMoments moments, NumericRange range)
    {
        var knots = Math.Min(sorted.Length, MaxKnots);
        var values = new List<double>(knots);
        var normals = new List<double>(knots);
        for (var i = 0; i < knots; i++)
        {
            var value = sorted[(int)((long)i * (sorted.Length - 1) / (knots - 1))];
            if (values.Count > 0 && values[^1] == value)
                continue;

            // Equal values share the middle of their ranks.
            var below = LowerBound(sorted, value);
            var notAbove = UpperBound(sorted, value);
            values.Add(value);
            normals.Add(NormalQuantile.At((below + notAbove) * 0.5 / sorted.Length));
        }

        return new QuantileTransform([.. values], [.. normals], moments.Deviation, range);
    }

    public static QuantileTransform Restore(ParameterReader parameters)
    {
        var values = parameters.RisingNumbers("values");
        var normals = parameters.RisingNumbers("normals");
        if (values.Length != normals.Length || values.Length < 2)
            throw parameters.Damaged($"'values' and 'normals' need the same length of at least 2; found {values.Length} and {normals.Length}");

        return new QuantileTransform(values, normals, parameters.PositiveNumber("scale"), NumericRange.Restore(parameters));
    }

    public override bool Encode(RecordBatch batch, int field, int first, int count, in BlockTarget target)
    {
        var anyMissing = false;
        var numbers = batch.Numbers(field).Slice(first, count);
        for (var row = 0; row < numbers.Length; row++)
        {
            var number = numbers[row];
            if (double.IsNaN(number))
            {
                target.MarkMissing(row);
                anyMissing = true;
                continue;
            }

            target[row, 0] = Bounded(Map(number, _values, _normals, 1 / _scale));
        }

        return anyMissing;
    }

    protected override void DescribeScale(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", Name);
        WriteNumbers(writer, "values", _values);
        WriteNumbers(writer, "normals", _normals);
        writer.WriteNumber("scale", _scale);
    }

    protected override double Inverse(double encoded) => Map(encoded, _normals, _values, _scale);

    private static double Map(double x, double[] from, double[] to, double slopeBeyond)
    {
        if (x <= from[0])
            return x == from[0] ? to[0] : to[0] - ((from[0] - x) * slopeBeyond);
        if (x >= from[^1])
            return x == from[^1] ? to[^1] : to[^1] + ((x - from[^1]) * slopeBeyond);

        var found = Array.BinarySearch(from, x);
        if (found >= 0)
            return to[found];

        var above = ~found;
        var gap = from[above] - from[above - 1];

        // Halved where the gap itself is beyond the range of doubles.
        var weight = double.IsFinite(gap)
            ? (x - from[above - 1]) / gap
            : ((x * 0.5) - (from[above - 1] * 0.5)) / ((from[above] * 0.5) - (from[above - 1] * 0.5));
        return (to[above - 1] * (1 - weight)) + (to[above] * weight);
    }

    private static int LowerBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static int UpperBound(ReadOnlySpan<double> sorted, double value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (sorted[middle] <= value)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, double[] numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
