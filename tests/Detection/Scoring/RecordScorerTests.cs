using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Tests.Training;
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
    public void Score_Warm_AllocatesNothing()
    {
        var records = PaymentRecords.Normal(1_000, seed: 23);
        var scorer = new RecordScorer(TrainedPayments.Model.Encoder, TrainedPayments.Model.Frozen);

        Assert.Equal(0, Allocations.InSteadyState(() => scorer.Score(records)));
    }
}
