using System.Text.Json;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Encodes a number as (x - centre) / scale: standard, robust, and what is left of a column that was constant.</summary>
internal sealed class LinearTransform : NumericTransform
{
    public const string Standard = "standard";
    public const string Robust = "robust";
    public const string Constant = "constant";

    // A column that never varied has no scale of its own. A tenth of its value (of 1 where the value is 0) away counts as ten standard deviations,
    // and nothing counts as more: a change of what never changed is strong evidence, but one field alone must not drown the others.
    private const double ConstantScale = 0.01;
    private const double ConstantBound = 10;

    private readonly string _name;
    private readonly double _center;
    private readonly double _scale;
    private readonly double _bound;

    public LinearTransform(string name, double center, double scale, NumericRange range)
        : base(range)
    {
        _name = name;
        _center = center;
        _scale = scale;
        _bound = name == Constant ? ConstantBound : Bound;
    }

    public override bool IsConstant => _name == Constant;

    protected override string Encoding => _name;

    public static LinearTransform FitStandard(in ColumnMoments moments, NumericRange range) => new(Standard, moments.Mean, moments.Deviation, range);

    /// <summary>Fits median and interquartile range; where half of the values are equal the range is 0 and the standard deviation takes its place.</summary>
    /// <param name="sorted">Values in rising order.</param>
    /// <param name="moments">Their moments, with a deviation above 0.</param>
    /// <param name="range">Their range.</param>
    public static LinearTransform FitRobust(ReadOnlySpan<double> sorted, in ColumnMoments moments, NumericRange range)
    {
        var quartiles = Math.Min(Quantile(sorted, 0.75) - Quantile(sorted, 0.25), double.MaxValue);
        return new LinearTransform(Robust, Quantile(sorted, 0.5), quartiles > 0 ? quartiles : moments.Deviation, range);
    }

    public static LinearTransform FitConstant(double value, NumericRange range) =>
        new(Constant, value, value == 0 ? ConstantScale : Math.Max(Math.Abs(value) * ConstantScale, double.Epsilon), range);

    public static LinearTransform Restore(string name, ParameterReader parameters) =>
        new(name, parameters.Number("center"), parameters.PositiveNumber("scale"), NumericRange.Restore(parameters));

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

            // The difference may be infinite; bounded it is a number again, since the scale is finite and above 0.
            target[row, 0] = (float)Math.Clamp((number - _center) / _scale, -_bound, _bound);
        }

        return anyMissing;
    }

    protected override void DescribeScale(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", _name);
        writer.WriteNumber("center", _center);
        writer.WriteNumber("scale", _scale);
    }

    protected override double Inverse(double encoded) => _center + (encoded * _scale);

    // Linear interpolation between order statistics (type 7 of Hyndman and Fan, the default of R and NumPy).
    private static double Quantile(ReadOnlySpan<double> sorted, double probability)
    {
        var position = probability * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        var weight = position - below;
        return (sorted[below] * (1 - weight)) + (sorted[above] * weight);
    }
}
