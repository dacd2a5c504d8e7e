using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Host.Configuration;

/// <summary>Sets where metrics and traces are sent to (the <c>otlp</c> section).</summary>
internal sealed class OtlpOptions
{
    /// <summary>Gets or sets the address of the collector.</summary>
    /// <value>Default null: nothing is sent.</value>
    [Description("Address of the collector, say http://localhost:4317; nothing is sent without one.")]
    public string? Endpoint { get; set; }

    /// <summary>Gets or sets how it is carried.</summary>
    [Description("grpc (usually port 4317) or http_protobuf (usually port 4318; /v1/metrics and /v1/traces are added to the address).")]
    public OtlpProtocol Protocol { get; set; } = OtlpProtocol.Grpc;

    /// <summary>Gets or sets headers that are sent along, say an authorization.</summary>
    [Description("Headers sent along, say authorization: ${file:/run/secrets/otlp}.")]
    public IDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>Gets or sets whether metrics are sent.</summary>
    [Description("Whether metrics are sent: the same as on /metrics.")]
    public bool Metrics { get; set; } = true;

    /// <summary>Gets or sets how often metrics are sent.</summary>
    [Description("How often metrics are sent.")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets or sets whether traces are sent.</summary>
    [Description("Whether traces are sent, and go on from the records' headers to the alerts' (W3C trace context).")]
    public bool Traces { get; set; } = true;

    /// <summary>Gets or sets the share of batches that are traced.</summary>
    /// <value>Default 0.05. A record that brings its own trace decides by itself, with the flag that it brings.</value>
    [Range(0.0, 1.0)]
    [Description("Share of batches that are traced. An alert about a record that brings a trace along goes on with it, as that trace's own flag says.")]
    public double TraceShare { get; set; } = 0.05;
}
