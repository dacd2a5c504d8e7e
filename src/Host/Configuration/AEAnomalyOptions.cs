using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Configuration;

/// <summary>Holds everything that the configuration file declares.</summary>
internal sealed class AEAnomalyOptions
{
    /// <summary>Gets or sets how the cluster is reached.</summary>
    [Required]
    [Description("How the Kafka cluster is reached.")]
    public KafkaOptions Kafka { get; set; } = new();

    /// <summary>Gets or sets where model versions are kept.</summary>
    [Description("Where model versions are kept.")]
    public ModelStoreOptions Models { get; set; } = new();

    /// <summary>Gets or sets where health, metrics and the admin API are served.</summary>
    [Description("Where health, metrics and the admin API are served.")]
    public HttpOptions Http { get; set; } = new();

    /// <summary>Gets or sets where metrics and traces are sent to.</summary>
    [Description("Where metrics and traces are sent to, by OpenTelemetry's protocol; nowhere without an endpoint.")]
    public OtlpOptions Otlp { get; set; } = new();

    /// <summary>Gets or sets the detectors.</summary>
    [Required]
    [MinLength(1)]
    [Description("Detectors: what to read, how to judge it, where to report it.")]
    public IList<DetectorOptions> Detectors { get; set; } = [];

    /// <summary>Gets the values that were read from files.</summary>
    public IReadOnlyList<SecretFile> Secrets { get; internal set; } = [];
}
