using System.Diagnostics;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Names the spans that reading, scoring and alerting make while somebody listens: <c>consume</c>, <c>score</c>, <c>alert</c>.</summary>
public static class IngestTraces
{
    /// <summary>The name of the source.</summary>
    public const string SourceName = "AEAnomaly.Ingest";

    internal static ActivitySource Source { get; } = new(SourceName);
}
