using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Turns a number into one real feature; the shared part of all scalings.</summary>
internal abstract class NumericTransform(NumericRange range) : FieldTransform
{
    /// <summary>Bounds the absolute value of an encoded number.</summary>
    /// <remarks>
    /// A standardised value of a window of n records is at most sqrt(n - 1), so 1,000 leaves every value of windows up to a million records as it
    /// is: size stays visible.
    /// It is far from where float32 squares and sums overflow, so 1e308 in one field still gives a finite score.
    /// </remarks>
    public const double Bound = 1000;

    public sealed override BlockKind BlockKind => BlockKind.Real;

    public sealed override int Width => 1;

    public sealed override IReadOnlyList<string> FeatureNames => [Encoding];

    /// <summary>Gets the name of the scaling.</summary>
    protected abstract string Encoding { get; }

    public sealed override ExpectedValue Expect(ReadOnlySpan<float> expected)
    {
        var number = range.Nearest(Inverse(expected[0]));
        return new ExpectedValue(number, ReadableNumber.Format(number), double.NaN);
    }

    public sealed override void Decode(ReadOnlySpan<float> expected, RecordBatch target, int field, int row) =>
        target.SetNumber(field, row, range.Nearest(ReadableNumber.OfSinglePrecision(Inverse(expected[0]))));

    public sealed override void Describe(Utf8JsonWriter writer)
    {
        DescribeScale(writer);
        range.Describe(writer);
    }

    /// <summary>Writes the name and the parameters of the scaling.</summary>
    protected abstract void DescribeScale(Utf8JsonWriter writer);

    /// <summary>Maps an encoded value back to the field's own scale.</summary>
    protected abstract double Inverse(double encoded);

    protected static float Bounded(double encoded) => (float)Math.Clamp(encoded, -Bound, Bound);
}
