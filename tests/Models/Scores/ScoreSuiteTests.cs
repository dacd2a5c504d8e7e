using AEAnomaly.Models.Features;
using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Tests.Scores;

public sealed class ScoreSuiteTests
{
    [Fact]
    public void Score_Mixture_GrowsStrictlyWithEachPart()
    {
        var random = new Random(2);
        float[] normal = [.. Enumerable.Range(0, 400).Select(_ => (float)-Math.Log(1 - random.NextDouble()))];
        var suite = new ScoreSuite([new FeatureScore(0), new FeatureScore(1)], [TailCalibration.Fit(normal), TailCalibration.Fit(normal)], 0);
        float[] steps = [-3, 0, 0.01f, 0.5f, 1, 1.5f, 3, 6, 7, 20, 1e3f, 1e6f];

        foreach (var other in steps)
        {
            foreach (var part in new[] { 0, 1 })
            {
                var scores = steps.Select(step => Score(suite, part == 0 ? [step, other] : [other, step])).ToArray();
                for (var i = 1; i < scores.Length; i++)
                    Assert.True(scores[i] > scores[i - 1], $"Part {part}: {steps[i - 1]} gives {scores[i - 1]}, {steps[i]} gives {scores[i]}.");
            }
        }
    }

    [Fact]
    public void Score_OverflowingPart_IsFinite()
    {
        var tail = TailCalibration.Fit([1, 2, 3, 4, 5, 6, 7, 8]);
        var mixture = new ScoreSuite([new FeatureScore(0), new FeatureScore(1)], [tail, tail], 0);
        var single = new ScoreSuite([new FeatureScore(0)], [], 0);

        foreach (var value in new[] { float.PositiveInfinity, float.NaN })
        {
            Assert.True(float.IsFinite(Score(mixture, [value, 1])));
            Assert.Equal(float.MaxValue, Score(single, [value, 1]));
        }
    }

    [Fact]
    public void Score_TwoPartsAtTheSameTail_CountAlike()
    {
        float[] normal = [.. Enumerable.Range(0, 1000).Select(i => (float)-Math.Log(1 - ((i + 0.5) / 1000)))];
        float[] scaled = [.. normal.Select(value => 50 + (1000 * value))];
        var suite = new ScoreSuite([new FeatureScore(0), new FeatureScore(1)], [TailCalibration.Fit(normal), TailCalibration.Fit(scaled)], 0);

        // One row in a hundred: 4.6 nats each.
        var score = (float)Math.Log(100);
        Assert.Equal(2 * Math.Log(100), Score(suite, [score, 50 + (1000 * score)]), 0.3);
    }

    private static float Score(ScoreSuite suite, float[] values)
    {
        var scores = new float[1];
        suite.Score(ScoreRows.Of(FeatureLayout.AllReal(2), values).Slice(0, 1), scores, new float[suite.WorkFloats(1)]);
        return scores[0];
    }

    /// <summary>Judges a row by one of its features.</summary>
    private sealed class FeatureScore(int feature) : ScorePart
    {
        public override IReadOnlyList<ScoreKind> Kinds { get; } = [ScoreKind.Reconstruction];

        public override ScoreNeeds Needs => ScoreNeeds.None;

        public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work) => energies[0] = rows.Values[feature];
    }
}
