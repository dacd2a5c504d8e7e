using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Host.Page;

/// <summary>Puts the alerts of a detector on the shelf as well, on their way out: those of a batch once it is processed, none of an attempt that failed.</summary>
/// <param name="detector">Scores the records.</param>
/// <param name="name">Name of the detector.</param>
/// <param name="shelf">Receives the alerts.</param>
internal sealed class AlertTap(IRecordProcessor detector, string name, AlertShelf shelf) : IRecordProcessor
{
    private readonly PassedAlerts _passed = new();

    public FeatureSpec Spec => detector.Spec;

    public bool IsReady => detector.IsReady;

    public TimeSpan PastAlerts => detector.PastAlerts;

    public PastWanted Begin(string topic, int partition, string? topicId, long first) => detector.Begin(topic, partition, topicId, first);

    public void Committed(string topic, int partition, long offset) => detector.Committed(topic, partition, offset);

    public void Recall(RecordBatch past) => detector.Recall(past);

    public void RecallAlert(ReadOnlyMemory<byte> value, IReadOnlySet<(string Topic, int Partition)> partitions) => detector.RecallAlert(value, partitions);

    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions, ForgetReason reason) => detector.Forget(partitions, reason);

    public void Tick(IAlertSink alerts) => detector.Tick(alerts);

    public void Process(RecordBatch batch, IAlertSink alerts)
    {
        _passed.Begin(alerts);
        detector.Process(batch, _passed);
        foreach (var body in _passed.Bodies)
            shelf.Add(name, body);
    }

    private sealed class PassedAlerts : IAlertSink
    {
        private readonly List<ReadOnlyMemory<byte>> _bodies = [];
        private IAlertSink? _next;

        public IReadOnlyList<ReadOnlyMemory<byte>> Bodies => _bodies;

        public bool WantsScores => _next!.WantsScores;

        public void Begin(IAlertSink next)
        {
            _bodies.Clear();
            _next = next;
        }

        public void Publish(AlertMessage alert)
        {
            _next!.Publish(alert);
            _bodies.Add(alert.Value);
        }

        public void Score(int row, in RecordScore score) => _next!.Score(row, score);

        public void Refuse(int row, Exception reason) => _next!.Refuse(row, reason);
    }
}
