using AEAnomaly.Detection.Thresholds;

namespace AEAnomaly.Detection.Tests.Thresholds;

public sealed class ScoreDistributionTests
{
    [Fact]
    public void TailProbability_ExponentialScores_FollowsExp()
    {
        var distribution = Summarise(20_000, 3, u => -Math.Log(u));

        Assert.Equal(Math.Exp(-0.7), distribution.TailProbability(0.7), 0.01);
        Assert.InRange(distribution.TailShape, 0, 0.1);

        // Ten times rarer than anything the tail was fitted on: right within a factor of 3.
        Assert.InRange(distribution.TailProbability(11.5) / Math.Exp(-11.5), 1 / 3.0, 3);
    }

    [Fact]
    public void TailProbability_ParetoScores_FindsTheShape()
    {
        // P(X > x) = x^-2.5: shape 0.4. The moments' standard error with 1,000 excesses is about 0.05.
        var distribution = Summarise(20_000, 4, u => Math.Pow(u, -0.4));

        Assert.Equal(0.4, distribution.TailShape, 0.12);
        Assert.InRange(distribution.TailProbability(40) / Math.Pow(40, -2.5), 0.5, 2);
    }

    [Fact]
    public void TailProbability_RisingScores_NeverRises()
    {
        var distribution = Summarise(700, 9, u => -Math.Log(u));

        var before = double.PositiveInfinity;
        for (var score = -1.0; score < 60; score += 0.01)
        {
            var probability = distribution.TailProbability(score);
            Assert.InRange(probability, ScoreDistribution.SmallestProbability, 1);
            Assert.True(probability <= before, $"at {score}: {probability} after {before}");
            before = probability;
        }
    }

    [Fact]
    public void ShareAtOrBelow_Sample_CountsIt()
    {
        var distribution = ScoreDistribution.Summarise([1, 2, 3, 4, 5]);

        Assert.Equal(0, distribution.ShareAtOrBelow(0.5));
        Assert.Equal(0.5, distribution.ShareAtOrBelow(3), 1e-12);
        Assert.Equal(1, distribution.ShareAtOrBelow(5));
        Assert.Equal(1, distribution.ShareAtOrBelow(99));
    }

    [Fact]
    public void ShareAtOrBelow_BetweenTwoScores_IsInterpolated()
    {
        var distribution = ScoreDistribution.Summarise([1, 2, 4, 8]);

        Assert.Equal(0, distribution.ShareAtOrBelow(1));
        Assert.Equal(1.5 / 3, distribution.ShareAtOrBelow(3), 1e-12);
        Assert.Equal(2.75 / 3, distribution.ShareAtOrBelow(7), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Summarise_TooFewForATail_ClaimsNothingBeyondTheLargest(int count)
    {
        var distribution = ScoreDistribution.Summarise([.. Enumerable.Range(1, count).Select(i => (double)i)]);

        Assert.Equal((count, 1.0 / (count + 1), 0.0), (distribution.TailStart, distribution.TailShare, distribution.TailShape));
        Assert.Equal(1.0 / (count + 1), distribution.TailProbability(count), 1e-12);
        Assert.Equal(ScoreDistribution.SmallestProbability, distribution.TailProbability(count + 0.1));
    }

    [Fact]
    public void Summarise_None_IsRefused() =>
        Assert.Contains("at least one score", Assert.Throws<ArgumentException>(() => ScoreDistribution.Summarise([])).Message, StringComparison.Ordinal);

    [Fact]
    public void Summarise_ManyScores_KeepsAThousandEvenShares()
    {
        var distribution = ScoreDistribution.Summarise([.. Enumerable.Range(0, 4_001).Select(i => (double)i)]);

        Assert.Equal(Enumerable.Range(0, 1_001).Select(i => i * 4.0), distribution.Quantiles);
    }

    [Fact]
    public void Summarise_HeavyTail_HasTheShapeAndScaleOfHoskingAndWallis()
    {
        double[] scores = [.. Enumerable.Range(1, 600).Select(i => Math.Pow(1 - ((i - 0.5) / 600), -0.5))];

        var distribution = ScoreDistribution.Summarise(scores);

        // Technometrics 29, 1987: of n excesses in ascending order a1 weights the i-th, from 1, by 1 - (i - 0.35) / n; their k is the shape with the other sign.
        const int Excesses = 30;
        var excesses = scores[^Excesses..].Select(score => score - scores[^(Excesses + 1)]).ToArray();
        var a0 = excesses.Average();
        var a1 = excesses.Select((excess, i) => excess * (1 - ((i + 1 - 0.35) / Excesses))).Average();
        Assert.Equal(scores[^(Excesses + 1)], distribution.TailStart);
        Assert.Equal(Excesses / 601.0, distribution.TailShare, 1e-12);
        Assert.Equal(2 - (a0 / (a0 - (2 * a1))), distribution.TailShape, 1e-9);
        Assert.Equal(2 * a0 * a1 / (a0 - (2 * a1)), distribution.TailScale, 1e-9);
        Assert.InRange(distribution.TailShape, 0.1, 0.9);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, false)]
    public void Summarise_FewerThanTwentyExcesses_HasAnExponentialTail(int count, bool isExponential)
    {
        var distribution = ScoreDistribution.Summarise([.. Enumerable.Range(1, count).Select(i => Math.Pow(1 - ((i - 0.5) / count), -0.5))]);

        Assert.Equal(isExponential, distribution.TailShape == 0);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    public void TailScore_OfAProbability_IsTheScoreThatIsExceededSo(double shape)
    {
        var distribution = new ScoreDistribution([1, 2, 3], 3, 0.05, 0.7, shape);

        Assert.Equal(3, distribution.TailScore(0.05), 1e-12);
        foreach (var probability in (double[])[0.04, 1e-3, 1e-9])
            Assert.Equal(1, distribution.TailProbability(distribution.TailScore(probability)) / probability, 1e-9);
    }

    private static ScoreDistribution Summarise(int count, int seed, Func<double, double> inverseSurvival)
    {
        var random = new Random(seed);
        var scores = Enumerable.Range(0, count).Select(_ => inverseSurvival(1 - random.NextDouble())).Order().ToArray();
        return ScoreDistribution.Summarise(scores);
    }
}
