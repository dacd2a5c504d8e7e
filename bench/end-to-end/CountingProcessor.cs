using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Counts records on their way to the detector and reads the clocks at the first measured one and at the last. Called by the loop's thread.</summary>
/// <param name="inner">The detector.</param>
/// <param name="warmRecords">Records before the measurement.</param>
/// <param name="records">Records at which it ends.</param>
internal sealed class CountingProcessor(IRecordProcessor inner, int warmRecords, long records) : IRecordProcessor
{
    private readonly TaskCompletionSource _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FeatureSpec Spec => inner.Spec;

    public bool IsReady => inner.IsReady;

    public Task Finished => _finished.Task;

    public long Count { get; private set; }

    /// <summary>Gets the records processed when the measurement began.</summary>
    public long WarmCount { get; private set; }

    public LoopClocks Begin { get; private set; }

    public LoopClocks End { get; private set; }

    /// <summary>Gets the records processed when half of them were.</summary>
    public long HalfCount { get; private set; }

    /// <summary>Gets the clocks at that moment; by then the runtime has compiled what is hot, so that what follows is what a daemon does all day.</summary>
    public LoopClocks Half { get; private set; }

    /// <summary>Gets the processor time since then that the detector took: encode, score, decide, explain, write alerts.</summary>
    public double DetectorSeconds { get; private set; }

    public long Batches { get; private set; }

    public TimeSpan PastAlerts => inner.PastAlerts;

    public void RecallAlert(ReadOnlyMemory<byte> value, IReadOnlySet<(string Topic, int Partition)> partitions) => inner.RecallAlert(value, partitions);

    PastWanted IRecordProcessor.Begin(string topic, int partition, string? topicId, long first) => inner.Begin(topic, partition, topicId, first);

    public void Committed(string topic, int partition, long offset) => inner.Committed(topic, partition, offset);

    public void Recall(RecordBatch past) => inner.Recall(past);

    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions, ForgetReason reason) => inner.Forget(partitions, reason);

    public void Process(RecordBatch batch, IAlertSink alerts)
    {
        var before = ThreadClock.Seconds;
        inner.Process(batch, alerts);
        if (HalfCount > 0 && Count < records)
            DetectorSeconds += ThreadClock.Seconds - before;
        Count += batch.Count;
        Batches++;
        if (WarmCount == 0 && Count >= warmRecords)
        {
            WarmCount = Count;
            Batches = 0;
            Begin = LoopClocks.Read();
        }

        if (HalfCount == 0 && Count >= records / 2)
        {
            HalfCount = Count;
            Half = LoopClocks.Read();
        }

        if (Count >= records && !_finished.Task.IsCompleted)
        {
            End = LoopClocks.Read();
            _finished.TrySetResult();
        }
    }

    public void Tick(IAlertSink alerts) => inner.Tick(alerts);
}
