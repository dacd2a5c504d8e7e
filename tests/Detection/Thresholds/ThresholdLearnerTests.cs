using AEAnomaly.Detection.Thresholds;

namespace AEAnomaly.Detection.Tests.Thresholds;

public sealed class ThresholdLearnerTests
{
    [Theory]
    [InlineData(0.5, 5.0)]
    [InlineData(0.85, 8.5)]
    [InlineData(0.9, 9.0)]
    public void Learn_OneToNine_IsTypeSixQuantile(double quantile, double expected)
    {
        // Hyndman and Fan, type 6: position (n + 1) q = 10 q among 1..9.
        var threshold = ThresholdLearner.Learn([4, 9, 1, 7, 3, 8, 2, 6, 5], new ThresholdOptions { Quantile = quantile });

        Assert.Equal(expected, threshold.Value, 1e-12);
        Assert.Equal(9, threshold.HeldOutScores);
        Assert.Equal("quantile", threshold.Method);
    }

    [Fact]
    public void Learn_SmallSamples_FlagTheAskedShareOnAverage()
    {
        // Exponential scores: the share above a threshold t is exactly exp(-t). Standard error of the mean over 4,000 samples: about 0.00035.
        var random = new Random(5);
        var flagged = 0.0;
        const int Samples = 4_000;
        for (var sample = 0; sample < Samples; sample++)
        {
            var scores = Enumerable.Range(0, 99).Select(_ => (float)-Math.Log(1 - random.NextDouble())).ToArray();
            flagged += Math.Exp(-ThresholdLearner.Learn(scores, new ThresholdOptions { Quantile = 0.95 }).Value) / Samples;
        }

        Assert.Equal(0.05, flagged, 0.0015);
    }

    [Fact]
    public void Learn_QuantileBeyondTheSample_ExtrapolatesAboveTheLargestScore()
    {
        var scores = Enumerable.Range(1, 50).Select(i => (float)-Math.Log(1 - (i - 0.5) / 50)).ToArray();

        var asked = ThresholdLearner.Learn(scores, new ThresholdOptions { Quantile = 0.999 });
        var further = ThresholdLearner.Learn(scores, new ThresholdOptions { Quantile = 0.9999 });

        Assert.True(asked.Value > scores.Max());
        Assert.True(further.Value > asked.Value);

        // The exponential's own quantile is ln 1000 = 6.9; fifty scores tell it within a third.
        Assert.InRange(asked.Value, 4.6, 9.2);
    }

    [Fact]
    public void Learn_AlertRate_IsTheQuantileThatLeavesIt()
    {
        float[] scores = [.. Enumerable.Range(1, 999).Select(i => (float)i)];

        var rate = ThresholdLearner.Learn(scores, new ThresholdOptions { Method = ThresholdMethod.AlertRate, AlertRate = 0.01 });

        Assert.Equal(990, rate.Value, 1e-9);
        Assert.Equal("alert_rate", rate.Method);
        Assert.Equal(0.99, rate.Quantile, 1e-12);
    }

    [Fact]
    public void Learn_AllEqual_FlagsNoEqualScore()
    {
        var threshold = ThresholdLearner.Learn([2.5f, 2.5f, 2.5f, 2.5f], new ThresholdOptions());

        Assert.True(threshold.Ratio(2.5) <= 1);
        Assert.True(threshold.Ratio(2.6) > 1);
        Assert.InRange(threshold.HeldOut.TailProbability(2.6), ScoreDistribution.SmallestProbability, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    public void Learn_AllZero_StaysAboveZero(int count)
    {
        var threshold = ThresholdLearner.Learn(new float[count], new ThresholdOptions());

        Assert.True(threshold.Value > 0);
        Assert.Equal(0, threshold.Ratio(0));
        Assert.True(double.IsFinite(threshold.Ratio(1)));
    }

    [Fact]
    public void Learn_NotFinite_NamesIt()
    {
        var e = Assert.Throws<ArgumentException>(() => ThresholdLearner.Learn([1, float.NaN], new ThresholdOptions()));
        Assert.Contains("score 1 is NaN", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Learn_NoScores_SaysSo() =>
        Assert.Contains("at least one held-out score", Assert.Throws<ArgumentException>(() => ThresholdLearner.Learn([], new ThresholdOptions())).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(10, 0.2588655509, true)]
    [InlineData(49, 0.0593, true)]
    [InlineData(50, 0.0582, false)]
    [InlineData(1_000, 0.0104840769, false)]
    public void Learn_DefaultQuantile_TellsHowFewScoresItIsFrom(int count, double alarmRateAtMost, bool isUncertain)
    {
        float[] scores = [.. Enumerable.Range(1, count).Select(i => (float)i)];

        var threshold = ThresholdLearner.Learn(scores, new ThresholdOptions { Quantile = 0.995 });

        Assert.Equal(alarmRateAtMost, threshold.AlarmRateAtMost, 1e-4);
        Assert.Equal(isUncertain, threshold.IsUncertain);
    }
}
