using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Tests.History;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Denoising;

namespace AEAnomaly.Detection.Tests.Training;

public sealed class DetectorTrainerTests
{
    [Fact]
    public void Train_NormalRecords_FlagsAnomaliesAndFewOthers()
    {
        var model = TrainedPayments.Model;
        var normal = PaymentRecords.Normal(4_000, seed: 61);
        var anomalies = new RecordBatch(PaymentRecords.Spec, 100);
        for (var i = 0; i < 100; i++)
            PaymentRecords.AddAnomaly(anomalies, i, amount: 2_000 + (50 * i));
        var scorer = new RecordScorer(model.Encoder, model.Frozen);

        // The wished share is 0.5 %; 600 held-out scores tell it within a few tenths.
        Assert.InRange(Flagged(scorer.Score(normal), model.Threshold) / 4_000.0, 0.0005, 0.015);
        Assert.Equal(100, Flagged(scorer.Score(anomalies), model.Threshold));
        Assert.Equal(600, model.Threshold.HeldOutScores);
    }

    [Fact]
    public void Train_SameWindow_SameModel()
    {
        var options = PaymentRecords.Options();
        options.Fit.MaxSteps = 40;
        var window = PaymentRecords.Normal(1_000);

        var first = DetectorTrainer.Train(PaymentRecords.Spec, options, window, TimeProvider.System);
        var second = DetectorTrainer.Train(PaymentRecords.Spec, options, window, TimeProvider.System);

        Assert.Equal(first.Threshold.Value, second.Threshold.Value);
        Assert.Equal(
            new RecordScorer(first.Encoder, first.Frozen).Score(window).ToArray(),
            new RecordScorer(second.Encoder, second.Frozen).Score(window).ToArray());
    }

    [Fact]
    public void Train_WithHistory_IsJudgedByReconstructionWithoutATenthOfTheRowsUnlessOptionsSayOtherwise()
    {
        var left = Threshold(null, []);

        Assert.Equal(Threshold(0.1, [ScoreKind.Reconstruction]), left);
        Assert.NotEqual(Threshold(0.01, [ScoreKind.Reconstruction]), left);
        Assert.NotEqual(Threshold(0.1, [ScoreKind.NearestNormal]), left);

        static double Threshold(double? trimShare, IList<ScoreKind> scores)
        {
            var options = HistoryRecords.Options();
            options.Model = new DenoisingAutoencoderOptions { Scores = scores };
            options.Fit = new TrainingOptions { MaxSteps = 40, TrimShare = trimShare };
            var spec = options.ToSpec();
            var window = HistoryRecords.Make(spec, 1_000, cards: 20, seed: 5);
            return DetectorTrainer.Train(spec, options, window, TimeProvider.System).Threshold.Value;
        }
    }

    [Fact]
    public void Train_WindowsWithoutTheirFlaggedRecords_DoNotFlagMoreAndMore()
    {
        // Without counting the flagged ones, four rounds at 3 % would end near 11 %.
        var options = PaymentRecords.Options();
        options.Fit.MaxSteps = 60;
        options.Threshold.Quantile = 0.97;
        var trained = DetectorTrainer.Train(PaymentRecords.Spec, options, PaymentRecords.Normal(4_000, seed: 70), TimeProvider.System);
        for (var round = 1; round <= 4; round++)
        {
            var snapshot = TrainedPayments.Snapshot with { Encoder = trained.Encoder, Model = trained.Frozen, Threshold = trained.Threshold };
            var window = PaymentRecords.Normal(4_000, seed: 70 + round);
            var flagged = WindowFilter.TakeOut(window, WindowFilter.FlaggedRows(window, snapshot, CancellationToken.None));
            Assert.Equal(4_000, window.Count + flagged.Count);
            trained = DetectorTrainer.Train(PaymentRecords.Spec, options, window, flagged, TimeProvider.System);
        }

        var share = Flagged(new RecordScorer(trained.Encoder, trained.Frozen).Score(PaymentRecords.Normal(10_000, seed: 79)), trained.Threshold) / 10_000.0;
        Assert.InRange(share, 0.015, 0.05);
    }

    [Fact]
    public void TakeOut_FlaggedRows_KeepsOrderAndSortsTheFlagged()
    {
        var window = PaymentRecords.Normal(500, seed: 62);
        PaymentRecords.AddAnomaly(window, 500, amount: 90_000);
        PaymentRecords.AddAnomaly(window, 501, amount: 9_000);

        var flagged = WindowFilter.TakeOut(window, WindowFilter.FlaggedRows(window, TrainedPayments.Snapshot, CancellationToken.None));

        Assert.Equal(502, window.Count + flagged.Count);
        Assert.True(flagged.Count is >= 2 and < 30);
        var offsets = window.Origins.ToArray().Select(origin => origin.Offset).ToArray();
        Assert.Equal(offsets.Order(), offsets);
        Assert.DoesNotContain(500, offsets);
        var model = TrainedPayments.Snapshot;
        var scores = new RecordScorer(model.Encoder, model.Model).Score(flagged).ToArray();
        Assert.Equal(scores.Order(), scores);
        Assert.All(scores, score => Assert.True(model.Threshold.Ratio(score) > 1));
    }

    [Fact]
    public void Train_Cancelled_Stops()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => DetectorTrainer.Train(
            PaymentRecords.Spec, PaymentRecords.Options(), PaymentRecords.Normal(1_000), TimeProvider.System, cancellationToken: cancellation.Token));
    }

    [Theory]
    [InlineData(double.NaN, 1, "held-out loss")]
    [InlineData(1, double.PositiveInfinity, "held-out loss")]
    public void Check_LossNotFinite_IsRefused(double trainingLoss, double heldOutLoss, string expected)
    {
        var report = new TrainingReport(10, 5, 80, 20, trainingLoss, heldOutLoss, TimeSpan.Zero, false);

        var e = Assert.Throws<TrainingFailedException>(() => TrainingGate.Check(report, new float[20]));

        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("fit.learning_rate", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_DegenerateHeldOutScores_AreRefused()
    {
        var report = new TrainingReport(10, 5, 80, 20, 1, 1, TimeSpan.Zero, false);
        float[] usable = [.. Enumerable.Range(1, 20).Select(i => (float)i)];
        TrainingGate.Check(report, usable);

        Assert.Contains("Only 9 records", Refused(usable[..9]), StringComparison.Ordinal);
        Assert.Contains("All 20 held-out records scored 2", Refused([.. Enumerable.Repeat(2f, 20)]), StringComparison.Ordinal);
        Assert.Contains("scored NaN", Refused([.. usable, float.NaN]), StringComparison.Ordinal);

        string Refused(float[] scores) => Assert.Throws<TrainingFailedException>(() => TrainingGate.Check(report, scores)).Message;
    }

    [Fact]
    public void Check_ThresholdNotAboveZero_IsRefused() =>
        Assert.Throws<TrainingFailedException>(() => TrainingGate.Check(ThresholdLearner.Learn([.. new float[999], 1], new ThresholdOptions())));

    private static int Flagged(ReadOnlySpan<float> scores, Threshold threshold)
    {
        var flagged = 0;
        foreach (var score in scores)
            flagged += threshold.Ratio(score) > 1 ? 1 : 0;
        return flagged;
    }
}
