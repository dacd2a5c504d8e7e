using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Says how a cluster is reached from now on.</summary>
/// <param name="Options">Options with the changed properties.</param>
/// <param name="NeedsNewClients">Whether clients must be made anew; otherwise only user or password are others, which living clients can be told.</param>
public sealed record KafkaRenewal(KafkaOptions Options, bool NeedsNewClients)
{
    private static readonly string[] Told = [KafkaProperties.UserName, KafkaProperties.Password];

    /// <summary>Compares what is with what shall be.</summary>
    /// <param name="before">Options in use.</param>
    /// <param name="properties">All properties that shall be.</param>
    /// <param name="filesChanged">Whether a file that a property names, say a certificate, has other content.</param>
    public static KafkaRenewal Between(KafkaOptions before, IDictionary<string, string> properties, bool filesChanged)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(properties);
        var others = properties.Where(property => !Told.Contains(property.Key) && before.Properties[property.Key] != property.Value);
        return new KafkaRenewal(before.With(properties), filesChanged || others.Any() || !Array.TrueForAll(Told, properties.ContainsKey));
    }

    /// <summary>Finds what keeps clients from being made with the options, say a key that does not belong to the certificate; contacts nobody.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Problem()
    {
        try
        {
            using var client = KafkaClients.Build(() => new AdminClientBuilder(KafkaProperties.ForAdministration(Options)).SetLogHandler(static (_, _) => { }).Build());
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}
