using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Host.Demo;

/// <summary>Configures the daemon for the demo's stream, as a user would configure it for such a topic.</summary>
internal static class DemoConfiguration
{
    /// <summary>Records the first training waits for: twelve days of the generated world, so that every weekday is known and the rare normal payment too.</summary>
    public const int TrainingRecords = 30_000;

    public static AEAnomalyOptions Create(string bootstrap, string topicPrefix, string modelFolder, string listen, int seed, bool embedded) => new()
    {
        Kafka = new KafkaOptions
        {
            BootstrapServers = bootstrap,
            GroupId = topicPrefix,
            // The mock cluster would otherwise wait long for members that are gone.
            Properties = embedded ? new Dictionary<string, string> { ["session.timeout.ms"] = "6000" } : [],
        },
        Models = new ModelStoreOptions { Directory = modelFolder },
        Http = new HttpOptions { Listen = listen },
        Detectors =
        [
            new DetectorOptions
            {
                Name = "payments",
                Topics = [topicPrefix + ".payments"],
                DeadLetterTopic = topicPrefix + ".dead-letters",
                Fields = Fields(),
                History = new HistoryOptions { Remember = Remember() },
                Fit = new TrainingOptions { Seed = seed, HeldOutShare = 0.3 },
                Threshold = new ThresholdOptions { Quantile = 0.9994 },
                Training = new RetrainingOptions { Window = null, MinRecords = TrainingRecords, MaxRecords = 2 * TrainingRecords },
                Alerts = new AlertOptions { Topic = topicPrefix + ".alerts" },
            },
        ],
    };

    private static List<FieldSpec> Fields() =>
    [
        new() { Name = "transaction_id", Kind = FieldKind.Ignore, PassThrough = PassThrough.Plain },
        new() { Name = "time", Kind = FieldKind.Timestamp, Required = true },
        new() { Name = "card_id", Kind = FieldKind.Key },
        new() { Name = "amount", Kind = FieldKind.Numeric, Required = true, Scaling = NumericScaling.Log1p, Unit = "EUR" },
        new() { Name = "channel", Kind = FieldKind.Categorical },
        new() { Name = "category", Path = "merchant.category", Kind = FieldKind.Categorical },
        new() { Name = "country", Path = "merchant.country", Kind = FieldKind.Categorical },
        new() { Name = "device_known", Kind = FieldKind.Boolean },
        new() { Name = "latitude", Path = "merchant.latitude", Kind = FieldKind.Numeric },
        new() { Name = "longitude", Path = "merchant.longitude", Kind = FieldKind.Numeric },
    ];

    private static List<HistoryItem> Remember() =>
    [
        new() { Count = true },
        new() { Usual = "amount" },
        new() { Usual = "amount", Within = "category", Of = HistoryScope.All },
        new() { Share = "category" },
        new() { Distance = ["latitude", "longitude"] },
    ];
}
