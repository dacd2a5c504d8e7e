using AEAnomaly.Detection.Features;
using AEAnomaly.Host.CommandLine;

namespace AEAnomaly.Host.Commands.Declaration;

/// <summary>Reads the newest records of a topic to propose fields from.</summary>
internal static class SampleTopic
{
    public static (IReadOnlyList<SampleColumn> Columns, string Source) Read(string topic, string bootstrapServers, CancellationToken cancellationToken) =>
        throw new CommandFailedException($"topic {topic} at {bootstrapServers}: sampling topics is not wired {cancellationToken}");
}
