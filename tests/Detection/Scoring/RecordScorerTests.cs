using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Scoring;

public sealed class RecordScorerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(255)]
    [InlineData(257)]
    public void Score_AnyBatchSize_SameBits(int size)
    {
        var records = PaymentRecords.Normal(600, seed: 21);
        PaymentRecords.AddAnomaly(records, 600);

        // A missing value switches flags on for the rows that share its chunk; theirs must not change.
        PaymentRecords.Add(records, 601, "c", PaymentRecords.Start, double.NaN, "DE", 1);
        var model = TrainedPayments.Model;
        var whole = new RecordScorer(model.Encoder, model.Frozen).Score(records).ToArray();

        var scorer = new RecordScorer(model.Encoder, model.Frozen);
        for (var first = 0; first < records.Count; first += size)
        {
            var part = new RecordBatch(records.Spec, size);
            for (var row = first; row < Math.Min(first + size, records.Count); row++)
                part.AppendFrom(records, row);
            var scores = scorer.Score(part);
            for (var i = 0; i < scores.Length; i++)
                Assert.Equal(BitConverter.SingleToInt32Bits(whole[first + i]), BitConverter.SingleToInt32Bits(scores[i]));
        }
    }

    [Fact]
    public void Score_MissingAndUnseen_AreCounted()
    {
        var records = PaymentRecords.Normal(300, seed: 22);
        PaymentRecords.Add(records, 300, "c", PaymentRecords.Start, double.NaN, "NG", 1);
        PaymentRecords.Add(records, 301, "c", PaymentRecords.Start, double.NaN, "DE", 1);
        var scorer = new RecordScorer(TrainedPayments.Model.Encoder, TrainedPayments.Model.Frozen);

        scorer.Score(records);

        Assert.Equal(2, scorer.MissingValues);
        Assert.Equal(1, scorer.UnseenValues);
    }

    [Fact]
    public void Score_RecordWithoutAnyFeature_IsUnjudgedAndCounted()
    {
        var records = PaymentRecords.Normal(300, seed: 22);
        for (var i = 0; i < 3; i++)
            records.SetText(PaymentRecords.Card, records.Append(new RecordOrigin("payments", 0, 300 + i, -1)), "card-1"u8);
        var scorer = new RecordScorer(TrainedPayments.Model.Encoder, TrainedPayments.Model.Frozen);
        var whole = scorer.Score(PaymentRecords.Normal(300, seed: 22)).ToArray();
        Assert.Equal(0, scorer.UnjudgedRecords);

        var scores = scorer.Score(records).ToArray();

        Assert.Equal(whole, scores[..300]);
        Assert.All(whole, score => Assert.True(RecordScorer.IsJudged(score)));
        Assert.All(scores[300..], score => Assert.True(RecordScorer.IsUnjudged(score) && !RecordScorer.IsJudged(score)));
        Assert.Equal(3, scorer.UnjudgedRecords);
    }

    [Theory]
    [InlineData("denoising")]
    [InlineData("ae")]
    [InlineData("masked")]
    public void Score_NormalRecordsWithoutAGauge_AreFlaggedAsSeldomAsWholeOnes(string variant)
    {
        var options = new DetectorOptions
        {
            Name = "gauges",
            Topics = ["gauges"],
            Fields = [.. Gauges.Spec.Fields],
            Model = VariantCatalog.CreateOptions(variant),
            Threshold = new ThresholdOptions { Quantile = 0.98 },
        };
        var trained = DetectorTrainer.Train(Gauges.Spec, options, Gauges.Normal(2_000, seed: 31), TimeProvider.System);
        var scorer = new RecordScorer(trained.Encoder, trained.Frozen);
        Assert.InRange(Flagged(Gauges.Normal(1_000, seed: 32)), 0, 0.04);

        for (var missing = 0; missing < Gauges.Spec.Fields.Count; missing++)
        {
            var records = Gauges.Normal(1_000, seed: 32);
            for (var row = 0; row < records.Count; row++)
                records.SetNumber(missing, row, double.NaN);
            Assert.InRange(Flagged(records), 0, 0.04);
        }

        double Flagged(RecordBatch records) => scorer.Score(records).ToArray().Count(score => score > trained.Threshold.Value) / (double)records.Count;
    }

    [Fact]
    public void Score_Warm_AllocatesNothing()
    {
        var records = PaymentRecords.Normal(1_000, seed: 23);
        var scorer = new RecordScorer(TrainedPayments.Model.Encoder, TrainedPayments.Model.Frozen);

        Assert.Equal(0, Allocations.InSteadyState(() => scorer.Score(records)));
    }
}
