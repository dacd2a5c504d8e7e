using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Host.Configuration;

/// <summary>Sets how the cluster is reached (the <c>kafka</c> section).</summary>
internal sealed class KafkaOptions
{
    /// <summary>Gets or sets the brokers asked first.</summary>
    [Required]
    [Description("Brokers asked first: HOST:PORT, several with commas.")]
    public string BootstrapServers { get; set; } = "";

    /// <summary>Gets or sets any property of librdkafka by its own name.</summary>
    [Description("Any property of librdkafka by its own name, say security.protocol.")]
    public IDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>();
}
