using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Tests.Scoring;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.Detection.Training;

namespace AEAnomaly.Detection.Tests.Explanation;

public sealed class ExplainerTests
{
    [Fact]
    public void Explain_LargeAmount_BlamesItAndExpectsTheUsual()
    {
        // The network sees so large an amount that its reconstruction of the whole record breaks; the amount is still to blame, and what is usual still about 40.
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        PaymentRecords.AddAnomaly(batch, 0, country: "DE");

        var explanation = Explain(batch, topFeatures: 5);

        Assert.Equal(1, explanation.Features.Sum(feature => feature.Share), 1e-5);
        var amount = explanation.Features[0];
        Assert.Equal("amount", amount.Field.Name);
        Assert.Equal(49_500, amount.Number);
        Assert.InRange(amount.Expected.Number, 20, 80);
        Assert.StartsWith("amount 49,500 EUR where about ", explanation.Sentence, StringComparison.Ordinal);
        Assert.Contains("amount", explanation.Leading);
    }

    [Fact]
    public void Explain_UnseenCountry_BlamesIt()
    {
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        PaymentRecords.AddAnomaly(batch, 0, amount: 40);

        var explanation = Explain(batch, topFeatures: 5);

        var country = explanation.Features[0];
        Assert.Equal("country", country.Field.Name);
        Assert.True(country.Unseen);
        Assert.Equal("NG", country.Text);
        Assert.Contains(country.Expected.Text, new[] { "DE", "FR", "AT" });
        Assert.StartsWith("country NG never seen before (", explanation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_Score_IsTheScorersBits()
    {
        var batch = PaymentRecords.Normal(40, seed: 31);
        PaymentRecords.AddAnomaly(batch, 40);
        var scores = new RecordScorer(TrainedPayments.Model.Encoder, TrainedPayments.Model.Frozen).Score(batch).ToArray();
        var explainer = new Explainer(TrainedPayments.Model.Encoder, TrainedPayments.Model.Frozen, 3);

        for (var row = 0; row < batch.Count; row++)
            Assert.Equal(BitConverter.SingleToInt32Bits(scores[row]), BitConverter.SingleToInt32Bits(explainer.Explain(batch, row).Score));
    }

    [Fact]
    public void Explain_FewerFeaturesThanFields_SharesAreOfTheWhole()
    {
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        PaymentRecords.AddAnomaly(batch, 0);

        var all = Explain(batch, topFeatures: 10).Features;
        var first = Assert.Single(Explain(batch, topFeatures: 1).Features);

        Assert.Equal(all[0].Share, first.Share);
        Assert.True(first.Share < 1);
        Assert.Equal(all.OrderByDescending(feature => feature.Share).Select(feature => feature.Field.Name), all.Select(feature => feature.Field.Name));
    }

    [Fact]
    public void Explain_MissingAmount_SaysSoWithoutAShare()
    {
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        PaymentRecords.Add(batch, 0, "c", PaymentRecords.Start, double.NaN, "NG", 1);

        var explanation = Explain(batch, topFeatures: 5);

        Assert.Equal(["amount"], explanation.MissingFields);
        var amount = explanation.Features.Single(feature => feature.Field.Name == "amount");
        Assert.True(amount.Missing);
        Assert.Equal(0, amount.Share);
        Assert.Equal("", amount.Text);
        Assert.True(double.IsFinite(amount.Expected.Number));
        Assert.DoesNotContain("missing", explanation.Sentence, StringComparison.Ordinal);
        Assert.StartsWith("country NG never seen before", explanation.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_GaugeThatDoesNotFitWhereAnotherIsMissing_BlamesNoGaugeThatFits()
    {
        var options = new DetectorOptions { Name = "gauges", Topics = ["gauges"], Fields = [.. Gauges.Spec.Fields] };
        var trained = DetectorTrainer.Train(Gauges.Spec, options, Gauges.Normal(2_000, seed: 31), TimeProvider.System);
        var batch = Gauges.Normal(1, seed: 33);
        batch.SetNumber(Gauges.Cpu, 0, double.NaN);
        batch.SetNumber(Gauges.Latency, 0, 60);

        var explanation = new Explainer(trained.Encoder, trained.Frozen, topFeatures: 3).Explain(batch, 0);

        Assert.True(explanation.Score > trained.Threshold.Value);
        Assert.Equal(["latency"], explanation.Leading);
        Assert.Equal(["cpu"], explanation.MissingFields);
        Assert.InRange(explanation.Features[0].Share, 0.8, 1);

        // What is expected of latency follows from the gauge that is there.
        Assert.InRange(explanation.Features[0].Expected.Number, 20, 30);
        Assert.Equal(new RecordScorer(trained.Encoder, trained.Frozen).Score(batch)[0], explanation.Score);
    }

    [Fact]
    public void Explain_MaskedField_IsMaskedInTheSentence()
    {
        var fields = PaymentRecords.Fields();
        fields[PaymentRecords.Country] = fields[PaymentRecords.Country] with { PassThrough = PassThrough.Masked };
        var feature = new FeatureContribution(fields[PaymentRecords.Country], double.NaN, "SECRETLAND", default, 1, true, false);

        Assert.Equal("country ******LAND never seen before (100 %)", Sentences.Write([feature]));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(4950, "4,950")]
    [InlineData(1234567.891, "1,234,567.89")]
    [InlineData(-42.126, "-42.13")]
    [InlineData(0.01234, "0.0123")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(3.5e20, "3.5e20")]
    public void WriteNumber_AnySize_ReadsWell(double value, string expected) => Assert.Equal(expected, ValueText.WriteNumber(value));

    [Theory]
    [InlineData(42.1349, "42.1")]
    [InlineData(4949.99, "4,950")]
    [InlineData(0.0123456, "0.0123")]
    public void WriteExpectedNumber_AnySize_KeepsThreeDigits(double value, string expected) => Assert.Equal(expected, ValueText.WriteExpectedNumber(value));

    private static RecordExplanation Explain(RecordBatch batch, int topFeatures) =>
        new Explainer(TrainedPayments.Model.Encoder, TrainedPayments.Model.Frozen, topFeatures).Explain(batch, 0);
}
