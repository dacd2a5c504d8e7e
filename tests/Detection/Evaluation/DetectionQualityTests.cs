using AEAnomaly.Detection.Evaluation;

namespace AEAnomaly.Detection.Tests.Evaluation;

public sealed class DetectionQualityTests
{
    // The example of scikit-learn's documentation of roc_auc_score and average_precision_score.
    [Fact]
    public void Measure_PublishedExample_GivesThePublishedAreas()
    {
        var quality = DetectionQuality.Measure([0.1f, 0.4f, 0.35f, 0.8f], [false, false, true, true], 0.375);

        Assert.Equal(0.75, quality.AucRoc, 1e-12);
        Assert.Equal(5.0 / 6, quality.AucPr, 1e-12);
        Assert.Equal((1, 1, 1, 1), (quality.TruePositives, quality.FalsePositives, quality.TrueNegatives, quality.FalseNegatives));
        Assert.Equal((0.5, 0.5, 0.5), (quality.Precision, quality.Recall, quality.F1));
    }

    [Fact]
    public void Measure_Ties_AreOneThreshold()
    {
        // Two anomalies against three normal records, each tied with one of them.
        float[] scores = [3, 3, 2, 2, 1];
        bool[] labels = [true, false, true, false, false];

        var quality = DetectionQuality.Measure(scores, labels, 2);

        // Anomaly 3: ties 3, beats 2 and 1 (2.5); anomaly 2: loses to 3, ties 2, beats 1 (1.5).
        Assert.Equal(4.0 / 6, quality.AucRoc, 1e-12);

        // From 3 on: precision 1/2, recall 1/2; from 2 on: precision 2/4, recall 1.
        Assert.Equal(0.5, quality.AucPr, 1e-12);
        Assert.Equal((1, 1, 2, 1), (quality.TruePositives, quality.FalsePositives, quality.TrueNegatives, quality.FalseNegatives));
    }

    [Fact]
    public void Measure_AllScoresEqual_IsChance()
    {
        var quality = DetectionQuality.Measure([5, 5, 5, 5], [true, false, false, false], 4);

        Assert.Equal(0.5, quality.AucRoc, 1e-12);
        Assert.Equal(0.25, quality.AucPr, 1e-12);
    }

    [Fact]
    public void Measure_PerfectAndReversed_AreTheEnds()
    {
        Assert.Equal((1.0, 1.0), Areas([1, 2, 3, 4], [false, false, true, true]));
        var (roc, pr) = Areas([4, 3, 2, 1], [false, false, true, true]);
        Assert.Equal(0, roc);
        Assert.Equal(((1.0 / 3) + (2.0 / 4)) / 2, pr, 1e-12);
    }

    [Fact]
    public void Measure_RandomScores_AgreesWithTheDefinitionPairByPair()
    {
        var random = new Random(17);
        for (var round = 0; round < 20; round++)
        {
            var scores = Enumerable.Range(0, 101).Select(_ => (float)random.Next(30)).ToArray();
            var labels = Enumerable.Range(0, 101).Select(i => i < 7 || random.Next(4) == 0).ToArray();
            labels[100] = false;

            var quality = DetectionQuality.Measure(scores, labels, 12);

            Assert.Equal(RocByPairs(scores, labels), quality.AucRoc, 1e-12);
            Assert.Equal(PrecisionByThresholds(scores, labels), quality.AucPr, 1e-12);
        }
    }

    [Fact]
    public void Measure_NothingFlagged_HasNoPrecision()
    {
        var quality = DetectionQuality.Measure([1, 2], [false, true], 2);

        Assert.Equal((0.0, 0.0, 0.0), (quality.Precision, quality.Recall, quality.F1));
    }

    [Fact]
    public void Measure_OneClassOnly_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => DetectionQuality.Measure([1, 2], [false, false], 0));

        Assert.Contains("found 0 anomalies and 2 normal records", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measure_NaNScoreOrOtherLength_IsRefused()
    {
        Assert.Contains("Score 1 is NaN", Assert.Throws<ArgumentException>(() => DetectionQuality.Measure([1, float.NaN], [false, true], 0)).Message, StringComparison.Ordinal);
        Assert.Contains("2 scores but 1 labels", Assert.Throws<ArgumentException>(() => DetectionQuality.Measure([1, 2], [false], 0)).Message, StringComparison.Ordinal);
    }

    private static (double Roc, double Pr) Areas(float[] scores, bool[] labels)
    {
        var quality = DetectionQuality.Measure(scores, labels, 0);
        return (quality.AucRoc, quality.AucPr);
    }

    private static double RocByPairs(float[] scores, bool[] labels)
    {
        double won = 0, pairs = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            for (var j = 0; j < scores.Length; j++)
            {
                if (!labels[i] || labels[j])
                    continue;
                pairs++;
                won += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
            }
        }

        return won / pairs;
    }

    private static double PrecisionByThresholds(float[] scores, bool[] labels)
    {
        double sum = 0, before = 0;
        foreach (var threshold in scores.Distinct().OrderDescending())
        {
            var flagged = Enumerable.Range(0, scores.Length).Where(i => scores[i] >= threshold).ToArray();
            double found = flagged.Count(i => labels[i]);
            var recall = found / labels.Count(label => label);
            sum += (recall - before) * found / flagged.Length;
            before = recall;
        }

        return sum;
    }
}
