using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Training;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Training;

/// <summary>Windows of so few records that the usual share held out would not do for a threshold.</summary>
public sealed class SmallWindowTests
{
    [Theory]
    [InlineData(30, 10)]
    [InlineData(31, 10)]
    [InlineData(36, 10)]
    [InlineData(49, 10)]
    [InlineData(61, 12)]
    [InlineData(100, 20)]
    public void Train_FewRecords_HoldsEnoughOut(int records, int heldOut)
    {
        var trained = DetectorTrainer.Train(PaymentRecords.Spec, PaymentRecords.Options(), PaymentRecords.Normal(records), TimeProvider.System);

        Assert.Equal(heldOut, trained.Threshold.HeldOutScores);
        Assert.Equal(records - heldOut, trained.Model.Report.TrainingRows);
        Assert.True(trained.Threshold.IsUncertain);
    }

    [Fact]
    public void Train_ThirtyRecords_StillFindsWhatIsFarOff()
    {
        var trained = DetectorTrainer.Train(PaymentRecords.Spec, PaymentRecords.Options(), PaymentRecords.Normal(30), TimeProvider.System);
        var anomalies = PaymentRecords.Normal(0);
        for (var i = 0; i < 20; i++)
            PaymentRecords.AddAnomaly(anomalies, i, amount: 50_000);

        var scores = new RecordScorer(trained.Encoder, trained.Frozen).Score(anomalies).ToArray();

        Assert.All(scores, score => Assert.True(trained.Threshold.Ratio(score) > 1, $"{score} against {trained.Threshold.Value}"));
    }

    [Fact]
    public void Train_FewerThanThirtyRecords_SaysHowManyAreNeeded()
    {
        var error = Assert.Throws<ArgumentException>(
            () => DetectorTrainer.Train(PaymentRecords.Spec, PaymentRecords.Options(), PaymentRecords.Normal(29), TimeProvider.System));

        Assert.StartsWith("Training needs at least 30 records; found 29.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_ShareThatHoldsOutEnough_IsKept()
    {
        var options = PaymentRecords.Options();
        options.Fit.HeldOutShare = 0.45;

        var trained = DetectorTrainer.Train(PaymentRecords.Spec, options, PaymentRecords.Normal(40), TimeProvider.System);

        Assert.Equal(18, trained.Threshold.HeldOutScores);
        Assert.Equal(0.45, options.Fit.HeldOutShare);
    }

    [Fact]
    public void Save_UncertainThreshold_ManifestSaysHowUncertain()
    {
        var trained = DetectorTrainer.Train(PaymentRecords.Spec, PaymentRecords.Options(), PaymentRecords.Normal(30), TimeProvider.System);
        using var folder = new TemporaryFolder();
        var store = new DirectoryModelStore(folder.Path);

        var saved = store.Save(trained.Describe("payments", "command", DateTimeOffset.UnixEpoch), trained.Model);

        var file = Assert.Single(Directory.GetFiles(folder.Path, "manifest.json", SearchOption.AllDirectories));
        Assert.Contains("\"alarm_rate_at_most\": 0.25886", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(trained.Threshold.Value, store.Load("payments", saved.Version, PaymentRecords.Spec)!.Threshold.Value);
    }
}
