using AEAnomaly.Detection.Thresholds;

namespace AEAnomaly.Detection.Tests.Thresholds;

public sealed class ExceedanceBoundTests
{
    // From a sum of the binomial's terms written with the logarithm of the gamma function, halved 200 times in double precision.
    [Theory]
    [InlineData(10, 0, 0.2588655509)]
    [InlineData(25, 0, 0.1129281450)]
    [InlineData(60, 0, 0.0487029133)]
    [InlineData(10, 1, 0.3941633024)]
    [InlineData(200, 1, 0.0234984704)]
    [InlineData(1000, 5, 0.0104840769)]
    [InlineData(200_000, 1000, 0.0052673088)]
    public void Upper_Sample_IsTheKnownLimit(int sample, int above, double expected) =>
        Assert.Equal(expected, ExceedanceBound.Upper(sample, above), 1e-6);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(5, 5)]
    public void Upper_NothingBelow_IsOne(int sample, int above) => Assert.Equal(1, ExceedanceBound.Upper(sample, above));

    [Fact]
    public void AlarmRateAtMost_ThresholdsOfManySamples_HoldsInNineteenOfTwenty()
    {
        var random = new Random(3);
        var held = 0;
        for (var trial = 0; trial < 2_000; trial++)
        {
            var scores = new float[40];
            for (var i = 0; i < scores.Length; i++)
                scores[i] = random.NextSingle();
            var threshold = ThresholdLearner.Learn(scores, new ThresholdOptions { Quantile = 0.9 });

            // Of evenly spread scores the share above a threshold is what it lacks of 1.
            held += 1 - Math.Min(1, threshold.Value) <= threshold.AlarmRateAtMost ? 1 : 0;
        }

        Assert.InRange(held / 2_000.0, 0.945, 1);
    }
}
