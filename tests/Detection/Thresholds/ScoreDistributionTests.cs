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

    private static ScoreDistribution Summarise(int count, int seed, Func<double, double> inverseSurvival)
    {
        var random = new Random(seed);
        var scores = Enumerable.Range(0, count).Select(_ => inverseSurvival(1 - random.NextDouble())).Order().ToArray();
        return ScoreDistribution.Summarise(scores);
    }
}
