using System.Diagnostics.Metrics;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>What the embedded cluster cannot show: a real group coordinator, look-up by time, the next-generation group protocol, an outage with disks.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class RealBrokerTests(BrokerFixture fixture) : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    [RealBrokerFact]
    public Task RunAsync_ClassicGroupRestarted_EveryRecordOnceAfterItsPastAndAlertsPublished() => RunTwice();

    [RealBrokerFact]
    public Task RunAsync_NextGenerationGroupRestarted_EveryRecordOnceAfterItsPastAndAlertsPublished() => RunTwice(("group.protocol", "consumer"));

    [RealBrokerFact]
    public async Task ReadAsync_WindowYoungerThanHalfOfTheRecords_ReadsTheYoungerHalf()
    {
        var route = await CreateRoute();
        using (var producer = new TopicProducer(Options()))
        {
            for (var number = 0; number < 100; number++)
                producer.Produce(route.Topics[0], null, Encoding.UTF8.GetBytes(PaymentRecords.Text(number)), null, DateTimeOffset.UtcNow.AddHours(number < 50 ? -30 : -2));
            Assert.True(producer.Flush(IngestScene.Bound));
        }

        var history = new KafkaRecordHistory(Options(), route, new PaymentRecords(), TimeProvider.System, NullLogger<KafkaRecordHistory>.Instance);
        var window = new HistoryWindow(TimeSpan.FromHours(24), 1_000);
        var target = new RecordBatch(PaymentRecords.Spec, 16);

        Assert.Equal(50, await history.CountAsync(window, CancellationToken.None));
        await history.ReadAsync(window, target, null, CancellationToken.None);

        Assert.Equal(Enumerable.Range(50, 50).Select(number => (double)number), target.Numbers(1).ToArray().Order());
        Assert.Equal(0, await history.CountAsync(window with { Age = TimeSpan.FromHours(1) }, CancellationToken.None));
    }

    [RealBrokerFact(needsControl: true)]
    public async Task RunAsync_BrokerKilledAndBack_SaysSoAndMissesNothing()
    {
        await using var broker = await RealBroker.StartAsync();
        await broker.CreateTopicAsync("in", 3);
        await broker.CreateTopicAsync("alerts");
        await broker.CreateTopicAsync("dead");
        var route = new DetectorRoute("payments", ["in"], "alerts", "dead", "group");
        var options = new KafkaOptions { BootstrapServers = broker.BootstrapServers };
        var processor = new RecordingProcessor { Alerts = number => number % 100 == 0 };
        await using var running = Start(options, route, processor);
        Produce(options, "in", 0, 1_000);
        await IngestScene.Until(() => processor.Count >= 1_000, "the first records processed", () => $"{running.Consumer.Status}");

        await broker.KillAsync();
        await IngestScene.Until(() => !running.Consumer.Status.BrokerReachable, "the status says that the broker is down");
        await broker.StartAgainAsync();
        Produce(options, "in", 1_000, 1_000);
        await Eventually.TrueAsync(() => processor.Numbers.Distinct().Count() >= 2_000, TimeSpan.FromSeconds(60), "all processed", () => $"{processor.Count} {running.Consumer.Status}");
        await running.StopAsync();

        Assert.Equal(Enumerable.Range(0, 2_000), processor.Numbers.Distinct().Order());
        var alerts = TopicReader.ReadUntil(broker, "alerts", records => records.Select(r => r.ValueText).Distinct().Count() >= 20);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => 100 * i), alerts.Select(alert => int.Parse(alert.ValueText!)).Distinct().Order());
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());

    private async Task RunTwice(params (string Name, string Value)[] properties)
    {
        var route = await CreateRoute();
        var options = Options(properties);
        var seen = new List<int>();
        for (var turn = 0; turn < 2; turn++)
        {
            Produce(options, route.Topics[0], 1_000 * turn, 1_000);
            var processor = new RecordingProcessor { Alerts = number => number % 100 == 0, PastRecords = 5_000 };
            await using var running = Start(options, route, processor);
            await IngestScene.Until(() => processor.Count >= 1_000, "all processed", () => $"{processor.Count} {running.Consumer.Status}");
            await running.StopAsync();
            seen.AddRange(processor.Numbers);
            // All of the first turn, and before anything of the second.
            Assert.Equal(Enumerable.Range(0, 1_000 * turn), processor.Recalled.Select(record => record.Number).Order());
            Assert.All(processor.Recalled, record => Assert.Equal(0, record.ProcessedBefore));
        }

        Assert.Equal(Enumerable.Range(0, 2_000), seen.Order());
        var alerts = TopicReader.ReadCount(fixture.Broker, route.AlertTopic, 20);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => 100 * i), alerts.Select(alert => int.Parse(alert.ValueText!)).Order());
    }

    private async Task<DetectorRoute> CreateRoute() => new(
        "payments",
        [await fixture.Broker.CreateUniqueTopicAsync("in", 3)],
        await fixture.Broker.CreateUniqueTopicAsync("alerts"),
        await fixture.Broker.CreateUniqueTopicAsync("dead"),
        fixture.Broker.UniqueName("group"));

    private KafkaOptions Options(params (string Name, string Value)[] properties)
    {
        var options = new KafkaOptions { BootstrapServers = fixture.Broker.BootstrapServers };
        foreach (var (name, value) in properties)
            options.Properties[name] = value;
        return options;
    }

    private RunningConsumer Start(KafkaOptions options, DetectorRoute route, RecordingProcessor processor) =>
        new(new DetectorConsumer(options, route, new PaymentRecords(), processor, new IngestMetrics(this), TimeProvider.System, NullLogger.Instance));

    private static void Produce(KafkaOptions options, string topic, int from, int count)
    {
        using var producer = new TopicProducer(options);
        for (var number = from; number < from + count; number++)
            producer.Produce(topic, Encoding.UTF8.GetBytes($"card{number % 7}"), Encoding.UTF8.GetBytes(PaymentRecords.Text(number)));
        Assert.True(producer.Flush(IngestScene.Bound), producer.LastError);
    }
}
