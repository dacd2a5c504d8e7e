using System.Text.Json.Serialization;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Holds what the Kafka Streams service prints of a run.</summary>
internal sealed record StreamsResult(
    [property: JsonPropertyName("guarantee")] string Guarantee,
    [property: JsonPropertyName("records_per_second")] double RecordsPerSecond,
    [property: JsonPropertyName("cpu_ns_per_record")] double ProcessNanoseconds,
    [property: JsonPropertyName("alerts")] long Alerts);
