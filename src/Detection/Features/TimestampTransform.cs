using System.Numerics;
using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Detection.Features;

/// <summary>Encodes a moment as the sine and cosine of its time of day and of its day of the week, both in UTC: 23:59 is next to 00:00, Sunday next to Monday.</summary>
/// <remarks>
/// A cycle that training saw only a part of is left out: a network that learned from one morning would take every afternoon for an anomaly. The time of day
/// counts from <see cref="MinHours"/> different hours on, the day of the week when all seven occurred.
/// A moment is decoded as the one with that time of day and that day of the week which lies nearest to the record's own, or to the last of training where the
/// record has none; drawn, it lies between the first and the last moment of training.
/// </remarks>
internal sealed class TimestampTransform : FieldTransform
{
    public const string Name = "timestamp";
    public const string TooShort = "the training records cover neither a day nor a week";

    // Some streams have quiet hours at night.
    private const int MinHours = 20;

    private readonly bool _hasHour;
    private readonly bool _hasDay;

    // NaN in a description written before the range was kept.
    private readonly double _first;
    private readonly double _last;

    private TimestampTransform(bool hasHour, bool hasDay, double first, double last)
    {
        _hasHour = hasHour;
        _hasDay = hasDay;
        _first = first;
        _last = last;
    }

    public override BlockKind BlockKind => BlockKind.Real;

    public override int Width => (_hasHour ? 2 : 0) + (_hasDay ? 2 : 0);

    public override IReadOnlyList<string> FeatureNames =>
        [.. _hasHour ? ["hour sine", "hour cosine"] : Array.Empty<string>(), .. _hasDay ? ["day sine", "day cosine"] : Array.Empty<string>()];

    public override bool IsConstant => Width == 0;

    public override string? WhyUnused => Width == 0 ? TooShort : null;

    /// <param name="values">Training values without the missing ones, at least one.</param>
    public static TimestampTransform Fit(ReadOnlySpan<double> values)
    {
        uint hours = 0, days = 0;
        double first = double.PositiveInfinity, last = double.NegativeInfinity;
        foreach (var seconds in values)
        {
            (first, last) = (Math.Min(first, seconds), Math.Max(last, seconds));
            hours |= 1u << (int)(MomentOfWeek.SecondOfDay(seconds) / 3600);
            days |= 1u << MomentOfWeek.Day(seconds);
        }

        var (hasHour, hasDay) = (BitOperations.PopCount(hours) >= MinHours, BitOperations.PopCount(days) == MomentOfWeek.DaysOfWeek);
        return new TimestampTransform(hasHour, hasDay, first, last);
    }

    public static TimestampTransform Restore(ParameterReader parameters) => new(
        parameters.Boolean("hour"), parameters.Boolean("day"), parameters.NumberOr("first", double.NaN), parameters.NumberOr("last", double.NaN));

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
        var (second, day) = Moment(expected);
        return new ExpectedValue(second ?? double.NaN, MomentOfWeek.Name(second, day), double.NaN);
    }

    public override void Decode(ReadOnlySpan<float> expected, RecordBatch target, int field, int row)
    {
        var near = target.Numbers(field)[row];
        if (double.IsNaN(near))
            near = _last;
        if (double.IsNaN(near))
            return;
        var (second, day) = Moment(expected);
        target.SetNumber(field, row, MomentOfWeek.Nearest(near, second is null ? null : Math.Floor(second.Value), day));
    }

    public override void Draw(ReadOnlySpan<float> drawn, Random random, RecordBatch target, int field, int row)
    {
        if (double.IsNaN(_first))
            return;

        var (second, day) = Moment(drawn);
        var any = _first + (random.NextDouble() * (_last - _first));
        var moment = MomentOfWeek.Nearest(any, Math.Floor(second ?? MomentOfWeek.SecondOfDay(any)), day);

        // The nearest one may lie just outside: a day, or a week, back or on is inside wherever the range holds such a moment at all.
        var step = day is null ? MomentOfWeek.SecondsOfDay : MomentOfWeek.SecondsOfDay * MomentOfWeek.DaysOfWeek;
        moment += moment < _first ? step : moment > _last ? -step : 0;
        target.SetNumber(field, row, Math.Clamp(moment, _first, _last));
    }

    public override void Describe(Utf8JsonWriter writer)
    {
        writer.WriteString("transform", Name);
        writer.WriteBoolean("hour", _hasHour);
        writer.WriteBoolean("day", _hasDay);
        if (double.IsNaN(_first))
            return;
        writer.WriteNumber("first", _first);
        writer.WriteNumber("last", _last);
    }

    private (double? SecondOfDay, int? Day) Moment(ReadOnlySpan<float> features) => (
        _hasHour ? Turn(features[0], features[1]) * MomentOfWeek.SecondsOfDay : null,
        _hasDay ? (int)Math.Round(Turn(features[^2], features[^1]) * MomentOfWeek.DaysOfWeek) % MomentOfWeek.DaysOfWeek : null);

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
