using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Tests.Sequences;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.Detection.Training;

namespace AEAnomaly.Detection.Tests.Explanation;

public sealed class BatchExplainerTests
{
    // More than are made ahead, twice, and a rest that is too small for it.
    private const int Anomalies = (2 * BatchExplainer.MostAhead) + 3;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Explain_ManyAnomalies_AreEachWhatOneExplainerSaysOfThem(int threads)
    {
        var batch = PaymentRecords.Normal(20, seed: 3);
        for (var row = batch.Count; row < 20 + Anomalies; row++)
            PaymentRecords.AddAnomaly(batch, row, amount: 900 + (37 * row), country: row % 3 == 0 ? "NG" : "DE");
        int[] rows = [.. Enumerable.Range(20, Anomalies)];
        var model = TrainedPayments.Model;
        var one = new Explainer(model.Encoder, model.Frozen, 3);
        var several = Several(model, threads);

        several.Begin(batch, rows, new RecordScorer(model.Encoder, model.Frozen));

        for (var i = 0; i < rows.Length; i++)
            AssertSame(one.Explain(batch, rows[i]), several.Explain(i));
    }

    [Fact]
    public void Explain_OneFails_ThrowsForThatOneAlone()
    {
        var model = MachineRecords.Model;
        var records = MachineRecords.Climbing(300);
        var scorer = new RecordScorer(model.Encoder, model.Frozen) { KeepWindowsAbove = 0 };
        scorer.Score(records);
        var one = new Explainer(model.Encoder, model.Frozen, 3);
        var several = Several(model, threads: 3);

        // The window of row 5 is not full.
        several.Begin(records, [200, 201, 5, 202, 203], scorer);

        AssertSame(one.Explain(records, 200, scorer), several.Explain(0));
        AssertSame(one.Explain(records, 201, scorer), several.Explain(1));
        var error = Assert.Throws<ArgumentException>(() => several.Explain(2));
        Assert.Contains("row 5 was not kept", error.Message, StringComparison.Ordinal);
        AssertSame(one.Explain(records, 202, scorer), several.Explain(3));
        AssertSame(one.Explain(records, 203, scorer), several.Explain(4));
    }

    [Fact]
    public void Begin_TheNextBatch_ForgetsWhatWasMadeAhead()
    {
        var model = TrainedPayments.Model;
        var scorer = new RecordScorer(model.Encoder, model.Frozen);
        var (first, second) = (Large(amount: 5_000), Large(amount: 90_000));
        var several = Several(model, threads: 2);
        several.Begin(first, [0, 1, 2, 3, 4], scorer);
        several.Explain(0);

        several.Begin(second, [0, 1, 2, 3, 4], scorer);

        AssertSame(new Explainer(model.Encoder, model.Frozen, 3).Explain(second, 0), several.Explain(0));
    }

    private static BatchExplainer Several(TrainedDetector model, int threads) => new(model.Encoder, model.Frozen, 3, threads);

    private static RecordBatch Large(double amount)
    {
        var batch = new RecordBatch(PaymentRecords.Spec, 5);
        for (var row = 0; row < 5; row++)
            PaymentRecords.AddAnomaly(batch, row, amount: amount);
        return batch;
    }

    private static void AssertSame(RecordExplanation expected, RecordExplanation actual)
    {
        Assert.Equal(BitConverter.SingleToInt32Bits(expected.Score), BitConverter.SingleToInt32Bits(actual.Score));
        Assert.Equal(expected.Sentence, actual.Sentence);
        Assert.Equal(expected.Leading, actual.Leading);
        Assert.Equal(expected.MissingFields, actual.MissingFields);
        Assert.Equal(expected.Features.Select(feature => feature.Share), actual.Features.Select(feature => feature.Share));
    }
}
