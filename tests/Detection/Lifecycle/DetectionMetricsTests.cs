using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Lifecycle;

public sealed class DetectionMetricsTests
{
    [Fact]
    public async Task Process_Batch_IsMeasured()
    {
        await using var harness = DetectorHarness.WithModel();
        harness.Meters.Listen();
        Assert.Equal(1, harness.Meters.Read()["aeanomaly.detector.state{detector=payments,state=warming}"]);
        await harness.StartedAsync();
        harness.Time.Advance(TimeSpan.FromHours(2));
        var batch = new RecordBatch(PaymentRecords.Spec, 100);
        for (var i = 0; i < 60; i++)
            PaymentRecords.Add(batch, i, "c", PaymentRecords.Start, i == 7 ? double.NaN : 40, "DE", 1);
        PaymentRecords.AddAnomaly(batch, 60);

        harness.Detector.Process(batch, harness.Sink);

        var measured = harness.Meters.Read();
        Assert.Equal(61, measured["aeanomaly.records.scored{detector=payments}"]);
        Assert.DoesNotContain("aeanomaly.records.unjudged{detector=payments}", measured.Keys);
        Assert.Equal(harness.Sink.Messages.Count, measured["aeanomaly.anomalies{detector=payments}"]);
        Assert.Equal(1, measured["aeanomaly.alerts{action=open,detector=payments,severity=critical}"]);
        Assert.Equal(1, measured["aeanomaly.values.missing{detector=payments}"]);
        Assert.Equal(1, measured["aeanomaly.values.unseen{detector=payments}"]);
        Assert.Equal(1, measured["aeanomaly.scoring.duration count{detector=payments}"]);
        Assert.Equal(4, measured["aeanomaly.score.ratio count{detector=payments}"]);
        Assert.Equal(1, measured["aeanomaly.detector.state{detector=payments,state=scoring}"]);
        Assert.Equal(0, measured["aeanomaly.detector.state{detector=payments,state=warming}"]);
        Assert.Equal(7_200, measured["aeanomaly.model.age{detector=payments}"]);
        Assert.Equal(1, measured[$"aeanomaly.model.info{{detector=payments,device=native,variant=denoising,version={harness.Detector.Status.ModelVersion}}}"]);
        Assert.Equal(TrainedPayments.Model.Threshold.Value, measured["aeanomaly.model.threshold{detector=payments}"]);
        Assert.True(measured["aeanomaly.episodes.open{detector=payments}"] >= 1);
    }

    [Fact]
    public async Task Process_RecordsWithoutAnyFeature_AreCountedAndRaiseNoAlert()
    {
        await using var harness = DetectorHarness.WithModel();
        harness.Meters.Listen();
        await harness.StartedAsync();
        var batch = new RecordBatch(PaymentRecords.Spec, 100);
        for (var i = 0; i < 32; i++)
            batch.SetText(PaymentRecords.Card, batch.Append(new RecordOrigin("payments", 0, i, -1)), "card-1"u8);

        harness.Detector.Process(batch, harness.Sink);

        var measured = harness.Meters.Read();
        Assert.Equal(32, measured["aeanomaly.records.unjudged{detector=payments}"]);
        Assert.Equal(0, measured["aeanomaly.records.scored{detector=payments}"]);
        Assert.Equal(0, measured["aeanomaly.anomalies{detector=payments}"]);
        Assert.DoesNotContain("aeanomaly.score.ratio count{detector=payments}", measured.Keys);
        Assert.Empty(harness.Sink.Messages);
    }

    [Fact]
    public async Task DisposeAsync_Detector_IsNoLongerObserved()
    {
        using var meters = new TestMeters();
        using var folder = new TemporaryFolder();
        var metrics = new DetectionMetrics(meters);
        var detector = new Detector(
            PaymentRecords.Options(),
            new AEAnomaly.Detection.Registry.DirectoryModelStore(folder.Path),
            new MemoryHistory(PaymentRecords.Normal(0)),
            metrics,
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger<Detector>.Instance);
        meters.Listen();
        Assert.NotEmpty(meters.Read());

        await detector.DisposeAsync();

        Assert.Empty(meters.Read());
    }
}
