using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.TestKit;

namespace AEAnomaly.Models.Tests.Scores;

public sealed class TailCalibrationTests
{
    private static readonly Dictionary<string, float[]> Samples = new()
    {
        ["one row"] = [3],
        ["twenty rows"] = Draws(20, 15, Square),
        ["many rows"] = Draws(50_000, 16, Square),
        ["constant"] = [.. Enumerable.Repeat(2.5f, 100)],
        ["zeros"] = new float[100],
        ["two values"] = [.. Enumerable.Range(0, 100).Select(i => i % 3 == 0 ? 1f : 0f)],
        ["ties at the top"] = [.. Enumerable.Range(0, 100).Select(i => MathF.Min(i, 60))],
        ["ties at the bottom"] = [.. Enumerable.Range(0, 100).Select(i => MathF.Max(i, 60))],
        ["far from zero"] = [.. Draws(500, 17, Square).Select(score => 1e6f + score)],
        ["negative"] = [.. Draws(500, 18, Square).Select(score => -100 - score)],
        ["tiny"] = [.. Draws(500, 19, Square).Select(score => 1e-30f * score)],
        ["huge"] = [.. Draws(500, 20, Square).Select(score => 1e36f * score)],
        ["one outlier"] = [.. Draws(500, 21, Square), 1e30f],
    };

    public static TheoryData<string> Names() => [.. Samples.Keys];

    [Fact]
    public void Apply_ExponentialScores_IsTheScoreItself()
    {
        // -ln P(S > s) = s.
        var calibration = TailCalibration.Fit(Draws(20_000, 11, Exponential));
        Assert.Equal(0.1, calibration.Apply(0.1f), 0.02);
        Assert.Equal(1, calibration.Apply(1), 0.05);
        Assert.Equal(3, calibration.Apply(3), 0.1);
        Assert.Equal(4.6, calibration.Apply(4.6f), 0.2);
        Assert.Equal(6.9, calibration.Apply(6.9f), 0.6);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Fit_ParetoExcesses_FindsShapeAndScale(double shape)
    {
        var random = new SeededRandom(12);
        var excesses = new double[20_000];
        for (var i = 0; i < excesses.Length; i++)
            excesses[i] = 3 * (Math.Pow(1 - random.NextDouble(), -shape) - 1) / shape;
        Array.Sort(excesses);
        var tail = ParetoTail.Fit(excesses);
        Assert.Equal(shape, tail.Shape, 0.04);
        Assert.Equal(3, tail.Scale, 0.15);
    }

    [Theory]
    [InlineData(300, 0.002, 0.02)]
    [InlineData(3000, 0.007, 0.014)]
    [InlineData(30_000, 0.008, 0.012)]
    public void Apply_UnseenScores_ExceedAProbabilityAsOftenAsItSays(int rows, double least, double most)
    {
        // The square of a normal number: what a squared error of one field looks like.
        var calibration = TailCalibration.Fit(Draws(rows, 13, Square));
        var unseen = Draws(200_000, 14, Square);
        var share = unseen.Count(score => calibration.Apply(score) > -Math.Log(0.01)) / (double)unseen.Length;
        Assert.InRange(share, least, most);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_AnySample_GrowsWithEveryFiniteScoreAndStaysFinite(string sample)
    {
        var scores = Samples[sample];
        var calibration = TailCalibration.Fit(scores);
        var greatest = scores.Max();
        var spread = greatest - scores.Min();
        var width = spread > 0 ? spread : MathF.Max(MathF.Abs(greatest), 1) * 1e-3f;
        var probes = new List<float> { float.MinValue, float.MaxValue };
        for (var exponent = -2; exponent < 60 && float.IsFinite(width * MathF.Pow(4, exponent)); exponent++)
        {
            probes.Add(greatest + (width * MathF.Pow(4, exponent)));
            probes.Add(scores.Min() - (width * MathF.Pow(4, exponent)));
        }

        for (var i = 0; i <= 50; i++)
            probes.Add(scores.Min() + (width * i / 50));
        var previous = -1f;
        foreach (var probe in probes.Where(float.IsFinite).Distinct().Order())
        {
            var surprise = calibration.Apply(probe);
            Assert.True(float.IsFinite(surprise) && surprise >= 0, $"{sample}: {probe} gives {surprise}");
            Assert.True(surprise > previous, $"{sample}: {probe} gives {surprise}, a smaller score {previous}");
            previous = surprise;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Apply_EveryScoreOfTheSample_HasItsRank(string sample)
    {
        var scores = Samples[sample];
        var calibration = TailCalibration.Fit(scores);
        var sorted = scores.Order().ToArray();
        foreach (var score in sorted.Distinct().Where((_, i) => i % 97 == 0))
        {
            var (below, equal) = (sorted.Count(other => other < score), sorted.Count(other => other == score));
            var probability = (scores.Length - below - (equal / 2.0)) / scores.Length;

            // Beyond the limit the fitted tail smooths the ranks.
            if (probability > 0.3)
                Assert.True(Math.Abs(probability - Math.Exp(-calibration.Apply(score))) < 0.01, $"{sample}: {score} has probability {probability}; -ln is {calibration.Apply(score)}");
        }
    }

    [Fact]
    public void Apply_AtTheLimit_IsContinuous()
    {
        var calibration = TailCalibration.Fit(Draws(1000, 22, Exponential));
        var limit = calibration.Values[1 + TailCalibration.MostKnots];
        Assert.Equal(calibration.Apply(MathF.BitDecrement(limit)), calibration.Apply(limit), 1e-4);
        Assert.Equal(calibration.Apply(limit), calibration.Apply(MathF.BitIncrement(limit)), 1e-4);
        Assert.InRange(calibration.Apply(limit), -Math.Log(0.11), -Math.Log(0.08));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Restore_StoredValues_GivesTheSameBits(string sample)
    {
        var scores = Samples[sample];
        var calibration = TailCalibration.Fit(scores);
        var restored = TailCalibration.Restore(calibration.Values);
        var applied = Draws(1000, 23, Square);
        var expected = applied.Select(calibration.Apply).ToArray();
        restored.Apply(applied.AsSpan());
        Assert.True(expected.AsSpan().SequenceEqual(applied), sample);
    }

    [Fact]
    public void Apply_TwoSpans_AllocatesNothing()
    {
        var calibration = TailCalibration.Fit(Draws(1000, 24, Square));
        var scores = Draws(1000, 25, Square);
        Assert.Equal(0, Allocations.InSteadyState(() => calibration.Apply(scores.AsSpan())));
    }

    [Fact]
    public void Fit_NoScoreOrOneThatIsNotFinite_IsRefused()
    {
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => TailCalibration.Fit([])).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => TailCalibration.Fit([1, float.NaN])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_ValuesOfNoCalibration_AreRefused()
    {
        var values = TailCalibration.Fit(Draws(100, 26, Square)).Values.ToArray();
        Assert.Throws<ArgumentException>(() => TailCalibration.Restore(values.AsSpan(1)));
        values[0] = 0;
        Assert.Throws<ArgumentException>(() => TailCalibration.Restore(values));
        (values[0], values[10]) = (1, float.NaN);
        Assert.Throws<ArgumentException>(() => TailCalibration.Restore(values));
    }

    private static float[] Draws(int count, ulong seed, Func<SeededRandom, double> draw)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)draw(random))];
    }

    private static double Exponential(SeededRandom random) => -Math.Log(1 - random.NextDouble());

    private static double Square(SeededRandom random) => Math.Pow(random.NextNormal(), 2);
}
