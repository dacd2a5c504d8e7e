namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Says what is compared on a real broker.</summary>
/// <param name="Bootstrap">Address of the broker.</param>
/// <param name="KafkaHome">Unpacked Kafka, whose libraries the peer runs on.</param>
/// <param name="Peer">Source file of the Kafka Streams service.</param>
/// <param name="Rounds">Rounds of runs.</param>
/// <param name="Records">Records in the topic.</param>
/// <param name="Partitions">Partitions of the topic.</param>
/// <param name="PeerThreshold">Score above which the peer alerts: its network is drawn at random.</param>
/// <param name="LatencySeconds">Duration of each measurement of latency.</param>
internal sealed record DeliveryPlan(
    string Bootstrap, string KafkaHome, string Peer, int Rounds, int Records, int Partitions, int PeerThreshold, int LatencySeconds);
