namespace AEAnomaly.Integration.Tests.Telemetry;

/// <summary>What a collector was told of a span.</summary>
internal sealed record SentSpan(string Trace, string Id, string Parent, string Name, string[] Links);
