using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Encodes a moment as the sine and cosine of its time of day and of its day of the week, both in UTC: 23:59 is next to 00:00, Sunday next to Monday.</summary>
internal sealed class TimestampTransform(bool isConstant) : FieldTransform
{
    public const string Name = "timestamp";

    public override BlockKind BlockKind => BlockKind.Real;

    public override int Width => 4;

    public override bool IsConstant { get; } = isConstant;

    /// <param name="values">Training values without the missing ones, at least one.</param>
    public static TimestampTransform Fit(ReadOnlySpan<double> values) => new(!values.ContainsAnyExcept(values[0]));

    public static TimestampTransform Restore(ParameterReader parameters) => new(parameters.Boolean("constant"));

    public override bool Encode(RecordBatch batch, int field, int first, int count, in BlockTarget target)
    {
        var anyMissing = false;
        var numbers = batch.Numbers(field).Slice(first, count);
        for (var row = 0; row < numbers.Length; row++)
        {
            var seconds = numbers[row];
            if (double.IsNaN(seconds))
            {
                target.MarkMissing(row);
                anyMissing = true;
                continue;
            }

            var day = Math.Floor(seconds / MomentOfWeek.SecondsOfDay);
            var hourAngle = MomentOfWeek.Modulo(seconds, MomentOfWeek.SecondsOfDay) / MomentOfWeek.SecondsOfDay * Math.Tau;
            var weekAngle = MomentOfWeek.Modulo(day + MomentOfWeek.FirstDay, MomentOfWeek.DaysOfWeek) / MomentOfWeek.DaysOfWeek * Math.Tau;
            var (hourSine, hourCosine) = Math.SinCos(hourAngle);
            var (weekSine, weekCosine) = Math.SinCos(weekAngle);
            target[row, 0] = (float)hourSine;
            target[row, 1] = (float)hourCosine;
            target[row, 2] = (float)weekSine;
            target[row, 3] = (float)weekCosine;
        }

        return anyMissing;
    }

    public override ExpectedValue Expect(ReadOnlySpan<float> expected)
    {
        var seconds = Turn(expected[0], expected[1]) * MomentOfWeek.SecondsOfDay;
        var day = (int)Math.Round(Turn(expected[2], expected[3]) * MomentOfWeek.DaysOfWeek) % MomentOfWeek.DaysOfWeek;
        return new ExpectedValue(seconds, MomentOfWeek.Name(seconds, day), double.NaN);
    }

    public override void Describe(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", Name);
        writer.WriteBoolean("constant", IsConstant);
    }

    // Share of a full turn, from 0 to below 1.
    private static double Turn(float sine, float cosine) => MomentOfWeek.Modulo(Math.Atan2(sine, cosine) / Math.Tau, 1);
}
