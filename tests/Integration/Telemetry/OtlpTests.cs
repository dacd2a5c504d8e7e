using System.Net;
using System.Net.Sockets;
using System.Text;
using AEAnomaly.Host.Configuration;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests.Telemetry;

/// <summary>A working daemon sends its metrics and traces to a collector.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class OtlpTests(BrokerFixture brokers)
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = "b7ad6b7169203331";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Export_OfAWorkingDaemon_CarriesMetricsAndTheTraceOfARecordToItsAlert(bool isGrpc)
    {
        await using var collector = await OtlpReceiver.StartAsync(isGrpc);
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        harness.Otlp.Endpoint = collector.Address;
        harness.Otlp.Protocol = isGrpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf;
        harness.Otlp.Headers["x-tenant"] = "a b";
        harness.Otlp.Every = TimeSpan.FromMilliseconds(200);
        harness.Otlp.TraceShare = 1;
        var readings = new MeterReadings(41);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        Write(harness, readings.Faulty());
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 1);

        var alert = Published(harness, DaemonHarness.TrainingRecords);
        await Eventually.TrueAsync(() => collector.Metrics.ContainsKey("aeanomaly.records.scored"), DaemonHarness.Bound, "metrics are sent");
        // Ends the spans, and sends what is left.
        await harness.StopAsync();

        foreach (var name in new[] { "aeanomaly.score.ratio", "aeanomaly.lag", "aeanomaly.detector.state", "dotnet.process.cpu.time" })
            Assert.Contains(name, collector.Metrics.Keys);
        var header = alert["traceparent"].Split('-');
        Assert.Equal(["00", Trace, "01"], [header[0], header[1], header[3]]);
        Assert.Equal("vendor=1", alert["tracestate"]);
        var span = Assert.Single(collector.Spans, span => span.Id == header[2]);
        Assert.Equal((Trace, Parent, "alert " + harness.Detector.AlertTopicName), (span.Trace, span.Parent, span.Name));
        var score = Assert.Single(collector.Spans, score => score.Id == Assert.Single(span.Links));
        Assert.Equal("score meters", score.Name);
        Assert.Equal("consume " + harness.Topic, Assert.Single(collector.Spans, consume => consume.Id == score.Parent).Name);
        Assert.Contains("a b", collector.Tenants.Keys);
    }

    [Fact]
    public async Task Export_NoEndpoint_TouchesNoHeader()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        var readings = new MeterReadings(42);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        Write(harness, readings.Faulty());

        Assert.DoesNotContain("traceparent", Published(harness, DaemonHarness.TrainingRecords).Keys);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Export_CollectorAwayOrSilent_HindersNothing(bool isGrpc, bool isSilent)
    {
        // Takes connections and never answers.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        harness.Otlp.Endpoint = $"http://127.0.0.1:{(isSilent ? ((IPEndPoint)silent.LocalEndpoint).Port : FreePorts.Take(1)[0])}";
        harness.Otlp.Protocol = isGrpc ? OtlpProtocol.Grpc : OtlpProtocol.HttpProtobuf;
        harness.Otlp.Every = TimeSpan.FromMilliseconds(100);
        var readings = new MeterReadings(43);
        harness.Write(readings, DaemonHarness.TrainingRecords, faulty: 2);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 2);

        await harness.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static void Write(DaemonHarness harness, (string Key, string Value) record)
    {
        using var writer = new TopicWriter(harness.Broker, harness.Topic);
        writer.Write(record.Key, record.Value, ("traceparent", $"00-{Trace}-{Parent}-01"), ("tracestate", "vendor=1"));
    }

    // The headers of the alert about a reading.
    private static Dictionary<string, string> Published(DaemonHarness harness, int sequence)
    {
        var text = $"\"id\":\"r-{sequence}\"";
        var records = TopicReader.ReadUntil(harness.Broker, harness.Detector.AlertTopicName, read => read.Any(IsAbout), DaemonHarness.Bound);
        return records.First(IsAbout).Headers.ToDictionary(header => header.Key, header => Encoding.UTF8.GetString(header.Value ?? []));

        bool IsAbout(TopicRecord record) => record.ValueText?.Contains(text, StringComparison.Ordinal) == true;
    }
}
