using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Lifecycle;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.TestKit.Fuzzing;

namespace AEAnomaly.Detection.Tests.Fuzz;

/// <summary>Damaged alerts, as whoever may write to the alert topic could leave there: what is read again at a start is taken or passed over.</summary>
public sealed class AlertFuzzTests
{
    // Whoever may write to the alert topic could end the detector's thread with such a word, at every start.
    [Theory]
    [InlineData("unheard-of")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public async Task RecallAlert_SeverityThatIsNone_IsPassedOver(string severity)
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        PaymentRecords.AddAnomaly(batch, 4_320);
        harness.Detector.Process(batch, harness.Sink);
        var alert = harness.Sink.Bodies[0];
        alert["severity"] = severity;

        harness.Detector.RecallAlert(System.Text.Encoding.UTF8.GetBytes(alert.ToJsonString()), new HashSet<(string, int)> { ("payments", 0) });

        AssertJudgesOn(harness);
    }

    [Fact]
    public async Task RecallAlert_DamagedAlerts_AreTakenOrPassedOver()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(PaymentRecords.Spec, 8);
        for (var i = 0; i < 4; i++)
            PaymentRecords.AddAnomaly(batch, 4_320 + i, card: $"4000-{i}");
        harness.Detector.Process(batch, harness.Sink);
        // An hour later they are over.
        PaymentRecords.AddNormal(batch, 1, seed: 3, firstOffset: 4_400);
        var samples = harness.Sink.Messages.ConvertAll(message => message.Value.ToArray());
        Assert.NotEmpty(samples);
        var partitions = new HashSet<(string, int)> { ("payments", 0) };

        FuzzRun.Run(
            "published alerts", 60_000, samples,
            ["\"severity\":\"high\"", "\"severity\":\"7\"", "\"severity\":\"99999999999\"", "\"action\":\"close\"", "\"sequence\":", "\"started_at\":", "\"entity\":null", "\"masked\":true", "0001-01-01T00:00:00+14:00", "{", "}", "\"", "\\ud800"],
            alert =>
            {
                harness.Detector.RecallAlert(alert.ToArray(), partitions);
                return "taken or passed over";
            });

        AssertJudgesOn(harness);
    }

    // Whatever it was told.
    private static void AssertJudgesOn(DetectorHarness harness)
    {
        var after = new RecordBatch(PaymentRecords.Spec, 8);
        PaymentRecords.AddAnomaly(after, 4_500, card: "4000-0");
        harness.Sink.Messages.Clear();
        harness.Detector.Process(after, harness.Sink);
        Assert.Empty(harness.Sink.Refused);
        Assert.NotEmpty(harness.Sink.Messages);
    }
}
