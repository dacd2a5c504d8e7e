using System.Runtime.InteropServices;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.History;

/// <content>The features of a record by what is remembered before it.</content>
public sealed partial class KeyHistory
{
    // Half a record for each category, and for one that is still to come (Krichevsky and Trofimov 1981): what was never seen is rare, not impossible.
    private const double ShareOfUnseen = 0.5;

    // A steady stream of one record a second has a decayed count of half-life / ln 2.
    private const double HalfLifeToMean = 0.693147180559945;

    /// <param name="batch">Records.</param>
    /// <param name="row">Row to describe.</param>
    /// <param name="state">State of the key, as of the record's time.</param>
    /// <param name="key">The key.</param>
    /// <param name="population">Its partition's.</param>
    /// <param name="passed">Seconds since the key's newest record; NaN without one, or without a time.</param>
    private void Describe(RecordBatch batch, int row, Span<byte> state, in KeySlot key, Population population, double passed)
    {
        (double Kilometres, double Since) way = _layout.Place.Latitude < 0 ? (double.NaN, double.NaN) : DescribeWay(batch, row, state);
        foreach (ref readonly var step in _steps.AsSpan())
        {
            var (value, usual) = step.Feature.Kind switch
            {
                HistoryFeatureKind.Count or HistoryFeatureKind.Sum => DescribeCount(step, state),
                HistoryFeatureKind.Usual => DescribeNumber(step, state, population),
                HistoryFeatureKind.Share => (DescribeShare(step, state, population), double.NaN),
                HistoryFeatureKind.FirstSeen => (DescribeSeen(batch, row, step, state, key.Records), double.NaN),
                HistoryFeatureKind.Gap => (Math.Max(0, passed), UsualGap(state)),
                HistoryFeatureKind.WentBack => (passed < 0 ? 1 : 0, double.NaN),
                HistoryFeatureKind.Distance => (way.Kilometres, double.NaN),
                HistoryFeatureKind.Speed => (DescribeSpeed(way, passed, key.Seconds), double.NaN),
                _ => throw new InvalidOperationException($"Feature kind {step.Feature.Kind} has no description."),
            };
            batch.SetNumber(step.Field, row, value);
            batch.SetUsual(step.Field, row, usual);
        }
    }

    // What the longest half-life makes usual for the shorter ones.
    private (double Value, double Usual) DescribeCount(in HistoryStep step, Span<byte> state)
    {
        var lives = _layout.HalfLives;
        var first = step.Feature.Kind == HistoryFeatureKind.Count ? 0 : (step.Place + 1) * lives.Length;
        var counts = MemoryMarshal.Cast<byte, double>(state[.._layout.OwnNumbersAt]).Slice(first, lives.Length);
        return (counts[step.Life], step.Life == lives.Length - 1 ? double.NaN : counts[^1] * lives[step.Life] / lives[^1]);
    }

    private (double Value, double Usual) DescribeNumber(in HistoryStep step, Span<byte> state, Population population)
    {
        var number = _numbers[step.Everybody];
        if (double.IsNaN(number))
            return (double.NaN, double.NaN);
        Moments moments;
        if (step.Feature.Within < 0)
        {
            moments = step.Feature.OfAll ? population.Number(step.Everybody) : OwnNumbers(state)[step.Place];
        }
        else
        {
            var category = CategoryOf(step);
            if (category == 0)
                return (double.NaN, double.NaN);
            var slots = SlotsOf(step, category, state, population);
            moments = slots.Within(slots.Find(category), step.Number);
        }

        return (moments.Deviations(number, population.Number(step.Everybody)), moments.Weight > 0 ? Log1pTransform.Back(moments.Mean) : double.NaN);
    }

    private double DescribeShare(in HistoryStep step, Span<byte> state, Population population)
    {
        var category = CategoryOf(step);
        if (category == 0)
            return double.NaN;
        var slots = SlotsOf(step, category, state, population);
        var weight = slots.Weight(slots.Find(category));
        var (total, known) = step.Feature.OfAll ? (population.Categories(step.Place).Weight, 0) : slots.Total();
        return Math.Max(0, -Math.Log((weight + ShareOfUnseen) / (total + (ShareOfUnseen * (known + 1)))));
    }

    // The record's category that a feature is about; 0 for a missing one.
    private ulong CategoryOf(in HistoryStep step) => step.Feature.OfAll ? _allCategories[step.Place] : _ownCategories[step.Place];

    private CategorySlots SlotsOf(in HistoryStep step, ulong category, Span<byte> state, Population population) =>
        step.Feature.OfAll ? population.Categories(step.Place).At(category, population.Seconds) : Categories(state, step.Place);

    // Everything is new to a new key, which says nothing.
    private double DescribeSeen(RecordBatch batch, int row, in HistoryStep step, Span<byte> state, int records)
    {
        var category = CategoryOf(batch, row, step.Feature.Source);
        if (category == 0)
            return double.NaN;
        return records > 0 && !SeenFilter.Contains(Seen(state, step.Place), category) ? 1 : 0;
    }

    private double UsualGap(Span<byte> state)
    {
        var count = MemoryMarshal.Cast<byte, double>(state[.._layout.SumsAt])[^1];
        return count > 0 ? _layout.HalfLives[^1] / HalfLifeToMean / count : double.NaN;
    }

    private (double Kilometres, double Since) DescribeWay(RecordBatch batch, int row, Span<byte> state)
    {
        var before = KeyPlace.Read(state[_layout.PlaceAt..]);
        return before.IsKnown && PlaceOf(batch, row, 0) is { } now
            ? (GreatCircle.Kilometres(before.Latitude, before.Longitude, now.Latitude, now.Longitude), before.Seconds)
            : (double.NaN, double.NaN);
    }

    private static double DescribeSpeed((double Kilometres, double Since) way, double passed, double newest) =>
        double.IsNaN(way.Kilometres) || double.IsNaN(passed) ? double.NaN : GreatCircle.Speed(way.Kilometres, newest + passed - way.Since);
}
