using System.Numerics;
using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Encodes a moment as the sine and cosine of its time of day and of its day of the week, both in UTC: 23:59 is next to 00:00, Sunday next to Monday.</summary>
/// <remarks>
/// A cycle that training saw only a part of is left out: a network that learned from one morning would take every afternoon for an anomaly. The time of day
/// counts from <see cref="MinHours"/> different hours on, the day of the week when all seven occurred.
/// </remarks>
internal sealed class TimestampTransform : FieldTransform
{
    public const string Name = "timestamp";
    public const string TooShort = "the training records cover neither a day nor a week";

    // Some streams have quiet hours at night.
    private const int MinHours = 20;

    private readonly bool _hasHour;
    private readonly bool _hasDay;

    private TimestampTransform(bool hasHour, bool hasDay)
    {
        _hasHour = hasHour;
        _hasDay = hasDay;
    }

    public override BlockKind BlockKind => BlockKind.Real;

    public override int Width => (_hasHour ? 2 : 0) + (_hasDay ? 2 : 0);

    public override bool IsConstant => false;

    /// <param name="values">Training values without the missing ones, at least one.</param>
    public static FieldTransform Fit(ReadOnlySpan<double> values)
    {
        uint hours = 0, days = 0;
        foreach (var seconds in values)
        {
            hours |= 1u << (int)(MomentOfWeek.SecondOfDay(seconds) / 3600);
            days |= 1u << MomentOfWeek.Day(seconds);
        }

        var (hasHour, hasDay) = (BitOperations.PopCount(hours) >= MinHours, BitOperations.PopCount(days) == MomentOfWeek.DaysOfWeek);
        return hasHour || hasDay ? new TimestampTransform(hasHour, hasDay) : new AbsentTransform(TooShort);
    }

    public static TimestampTransform Restore(ParameterReader parameters) => new(parameters.Boolean("hour"), parameters.Boolean("day"));

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

            var next = 0;
            if (_hasHour)
                next = Write(target, row, next, MomentOfWeek.SecondOfDay(seconds) / MomentOfWeek.SecondsOfDay);
            if (_hasDay)
                Write(target, row, next, (double)MomentOfWeek.Day(seconds) / MomentOfWeek.DaysOfWeek);
        }

        return anyMissing;
    }

    public override ExpectedValue Expect(ReadOnlySpan<float> expected)
    {
        var second = _hasHour ? Turn(expected[0], expected[1]) * MomentOfWeek.SecondsOfDay : double.NaN;
        int? day = _hasDay ? (int)Math.Round(Turn(expected[^2], expected[^1]) * MomentOfWeek.DaysOfWeek) % MomentOfWeek.DaysOfWeek : null;
        return new ExpectedValue(second, MomentOfWeek.Name(_hasHour ? second : null, day), double.NaN);
    }

    public override void Describe(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", Name);
        writer.WriteBoolean("hour", _hasHour);
        writer.WriteBoolean("day", _hasDay);
    }

    private static int Write(in BlockTarget target, int row, int feature, double turn)
    {
        var (sine, cosine) = Math.SinCos(turn * Math.Tau);
        target[row, feature] = (float)sine;
        target[row, feature + 1] = (float)cosine;
        return feature + 2;
    }

    // Share of a full turn, from 0 to below 1.
    private static double Turn(float sine, float cosine) => MomentOfWeek.Modulo(Math.Atan2(sine, cosine) / Math.Tau, 1);
}
