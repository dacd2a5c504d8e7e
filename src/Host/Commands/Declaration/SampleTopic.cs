using AEAnomaly.Detection.Features;
using AEAnomaly.Host.CommandLine;
using AEAnomaly.Host.Commands.Data;
using AEAnomaly.Ingest.Formats;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Host.Commands.Declaration;

/// <summary>Reads the newest records of a topic to propose fields from.</summary>
internal static class SampleTopic
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Samples a topic; messages that are no JSON objects are reported and left out.</summary>
    /// <exception cref="TopicUnavailableException">The topic cannot be read, or holds nothing.</exception>
    /// <exception cref="CommandFailedException">No message is a JSON object.</exception>
    public static async Task<IReadOnlyList<SampleColumn>> ReadAsync(CommandEnvironment environment, string topic, string bootstrapServers, CancellationToken cancellationToken)
    {
        var kafka = new KafkaOptions { BootstrapServers = bootstrapServers };
        var messages = await KafkaSampler.ReadAsync(kafka, topic, DetectorDeclaration.SampleRows, Bound, cancellationToken);
        var sampler = new JsonSampler(new JsonDecoderOptions());
        var bad = 0;
        var first = "";
        foreach (var message in messages)
        {
            if (sampler.TryAdd(message, out var error))
                continue;
            if (bad++ == 0)
                first = error.Message;
        }

        if (sampler.Count == 0)
            throw new CommandFailedException($"topic {topic}: none of its {messages.Count} newest messages is a JSON object; the first: {first}. Only JSON can be read.");
        if (bad > 0)
            environment.Error.WriteLine($"topic {topic}: {bad} of {messages.Count} messages left out; the first: {first}");
        return sampler.ToColumns();
    }
}
