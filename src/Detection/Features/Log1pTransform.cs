using System.Text.Json;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Features;

/// <summary>Encodes a number as sign(x) log(1 + |x|), standardised: amounts, byte counts, durations.</summary>
internal sealed class Log1pTransform(double center, double scale, NumericRange range) : NumericTransform(range)
{
    public const string Name = "log1p";

    public override bool IsConstant => false;

    protected override string Encoding => Name;

    /// <summary>Maps a number to signed log(1 + |x|).</summary>
    public static double Forward(double number) => Math.CopySign(double.LogP1(Math.Abs(number)), number);

    /// <summary>Maps a signed log(1 + |x|) to its number.</summary>
    public static double Back(double logarithm) => Math.CopySign(double.ExpM1(Math.Abs(logarithm)), logarithm);

    /// <param name="moments">Moments of the values after <see cref="Forward"/>, with a deviation above 0.</param>
    /// <param name="range">The range of the values themselves.</param>
    public static Log1pTransform Fit(in ColumnMoments moments, NumericRange range) => new(moments.Mean, moments.Deviation, range);

    public static Log1pTransform Restore(ParameterReader parameters) =>
        new(parameters.Number("center"), parameters.PositiveNumber("scale"), NumericRange.Restore(parameters));

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

            target[row, 0] = Bounded((Forward(number) - center) / scale);
        }

        return anyMissing;
    }

    protected override void DescribeScale(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", Name);
        writer.WriteNumber("center", center);
        writer.WriteNumber("scale", scale);
    }

    protected override double Inverse(double encoded) => Back(center + (encoded * scale));
}
