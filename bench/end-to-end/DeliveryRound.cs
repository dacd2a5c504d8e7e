namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Holds one run of each, made one right after the other.</summary>
/// <param name="AtLeastOnce">The product at least once.</param>
/// <param name="ExactlyOnce">The product exactly once.</param>
/// <param name="Streams">The Kafka Streams service exactly once.</param>
/// <param name="WithoutHistory">The product with one more field, a category.</param>
/// <param name="WithHistory">The same with a history over that field and others.</param>
internal sealed record DeliveryRound(RunResult AtLeastOnce, RunResult ExactlyOnce, StreamsResult Streams, RunResult WithoutHistory, RunResult WithHistory)
{
    /// <summary>Gets the records a second of exactly once, as a share of at least once.</summary>
    public double GuaranteeRatio => ExactlyOnce.RecordsPerSecond / AtLeastOnce.RecordsPerSecond;

    /// <summary>Gets how many times the peer's records a second the product made, both exactly once.</summary>
    public double StreamsRatio => ExactlyOnce.RecordsPerSecond / Streams.RecordsPerSecond;

    /// <summary>Gets the records a second with history, as a share of without.</summary>
    public double HistoryRatio => WithHistory.RecordsPerSecond / WithoutHistory.RecordsPerSecond;

    public override string ToString() => FormattableString.Invariant(
        $"{AtLeastOnce.RecordsPerSecond / 1e3:0} k/s at least once, {ExactlyOnce.RecordsPerSecond / 1e3:0} exactly once ({GuaranteeRatio:0.00}), Streams {Streams.RecordsPerSecond / 1e3:0} ({StreamsRatio:0.0}x, {Streams.Alerts} alerts to {ExactlyOnce.Anomalies}); {WithoutHistory.RecordsPerSecond / 1e3:0} without and {WithHistory.RecordsPerSecond / 1e3:0} with history ({HistoryRatio:0.00})");
}
