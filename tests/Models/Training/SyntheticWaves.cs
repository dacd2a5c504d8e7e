using AEAnomaly.Models.Features;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;

namespace AEAnomaly.Models.Tests.Training;

/// <summary>Draws a periodic signal of two channels, in which a stretch can run through its normal values in an order that never occurs.</summary>
internal static class SyntheticWaves
{
    public const int Period = 12;

    /// <summary>Draws records of a sawtooth and a sine of the same period, both of variance about 1, plus noise.</summary>
    public static TrainingSet Draw(int records, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[records * 2];
        for (var t = 0; t < records; t++)
        {
            // The sawtooth climbs for a period and falls back; its values are spread evenly.
            var phase = t % Period;
            values[2 * t] = (float)((3.4 * phase / (Period - 1)) - 1.7 + (0.05 * random.NextNormal()));
            values[(2 * t) + 1] = (float)((1.4 * Math.Sin(2 * Math.PI * phase / Period)) + (0.1 * random.NextNormal()));
        }

        return new TrainingSet(FeatureLayout.AllReal(2), values, records);
    }

    /// <summary>Turns one period around: each of its records is as normal as before, their order is not.</summary>
    public static void Reverse(TrainingSet set, int first)
    {
        for (var i = 0; i < Period / 2; i++)
        {
            var (left, right) = (2 * (first + i), 2 * (first + Period - 1 - i));
            (set.Values[left], set.Values[right]) = (set.Values[right], set.Values[left]);
            (set.Values[left + 1], set.Values[right + 1]) = (set.Values[right + 1], set.Values[left + 1]);
        }
    }
}
