using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Training;

namespace AEAnomaly.Detection.Tests.Lifecycle;

public sealed class HistoryRetryTests
{
    [Fact]
    public async Task Process_BatchThatComesAgainWholeAndApart_IsRememberedOnce()
    {
        const string Card = "4000-9999-0001";
        var options = PaymentRecords.Options();
        options.History = new HistoryOptions { Remember = [new HistoryItem { Count = true }] };
        var spec = options.ToSpec();
        await using var harness = await new DetectorHarness(options, PaymentRecords.Normal(2_000, spec: spec)).StartedAsync();
        var (batch, single, next) = (new RecordBatch(spec, 2), new RecordBatch(spec, 1), new RecordBatch(spec, 1));
        for (var i = 0; i < 2; i++)
            PaymentRecords.AddAnomaly(batch, 50_000 + i, Card);
        PaymentRecords.AddAnomaly(next, 50_002, Card);

        harness.Sink.Room = 0;
        for (var attempt = 0; attempt < 2; attempt++)
            Assert.Throws<IOException>(() => harness.Detector.Process(batch, harness.Sink));
        harness.Sink.Room = null;
        for (var row = 0; row < batch.Count; row++)
        {
            single.Clear();
            single.AppendFrom(batch, row);
            harness.Detector.Process(single, harness.Sink);
            Assert.Equal(row, single.HistoryRecords(0));
        }

        harness.Detector.Process(next, harness.Sink);
        Assert.Equal(2, next.HistoryRecords(0));
    }
}
