namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Says what is compared.</summary>
/// <param name="Python">Interpreter of the peer.</param>
/// <param name="Peer">The peer's script.</param>
/// <param name="Pairs">Pairs of runs.</param>
/// <param name="Records">Records written to the topic.</param>
/// <param name="Partitions">Partitions of the topic.</param>
/// <param name="WarmRecords">Records of each run before its measurement.</param>
internal sealed record ComparisonPlan(string Python, string Peer, int Pairs, int Records, int Partitions, int WarmRecords);
