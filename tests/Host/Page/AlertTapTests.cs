using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Host.Page;

namespace AEAnomaly.Host.Tests.Page;

public sealed class AlertTapTests
{
    private static readonly AlertMessage Alert = new(default, Encoding.UTF8.GetBytes("""{"severity":"high"}"""), []);

    [Fact]
    public void Process_AlertsOfABatch_GoOutAndStandOnTheShelf()
    {
        var (shelf, sink) = (new AlertShelf(), new CountedAlerts());
        var tap = new AlertTap(new Detector(isBroken: false), "a", shelf);

        tap.Process(new RecordBatch(Detector.Fields, 1), sink);
        tap.Process(new RecordBatch(Detector.Fields, 1), sink);

        Assert.Equal(4, sink.Count);
        Assert.Equal(["score 0", "refuse 1", "score 0", "refuse 1"], sink.Others);
        Assert.Equal(4, shelf.After(0, 10).Alerts.Count);
    }

    [Fact]
    public void Process_AttemptThatFails_LeavesNothingOnTheShelf()
    {
        var (shelf, sink) = (new AlertShelf(), new CountedAlerts());
        var detector = new Detector(isBroken: true);
        var tap = new AlertTap(detector, "a", shelf);

        Assert.Throws<InvalidOperationException>(() => tap.Process(new RecordBatch(Detector.Fields, 1), sink));
        Assert.Empty(shelf.After(0, 10).Alerts);

        detector.IsBroken = false;
        tap.Process(new RecordBatch(Detector.Fields, 1), sink);
        Assert.Equal(2, shelf.After(0, 10).Alerts.Count);
    }

    [Fact]
    public void Members_OfTheDetector_AreThoseOfTheTap()
    {
        var detector = new Detector(isBroken: false);
        var tap = new AlertTap(detector, "a", new AlertShelf());

        tap.Recall(new RecordBatch(Detector.Fields, 1));
        tap.RecallAlert(default, new HashSet<(string, int)> { ("t", 1) });
        tap.Forget(new HashSet<(string, int)> { ("t", 1) }, ForgetReason.Lost);
        tap.Committed("t", 1, 9);
        tap.Tick(new CountedAlerts());

        Assert.Same(detector.Spec, tap.Spec);
        Assert.True(tap.IsReady);
        Assert.Equal(new PastWanted(7, TimeSpan.FromHours(1), 5), tap.Begin("t", 1, "id", 9));
        Assert.Equal(TimeSpan.FromMinutes(3), tap.PastAlerts);
        Assert.Equal(["recall", "recall alert", "forget Lost", "committed t/1 9", "tick", "begin t/1 id 9"], detector.Calls);
    }

    private sealed class CountedAlerts : IAlertSink
    {
        public int Count { get; private set; }

        public List<string> Others { get; } = [];

        public bool WantsScores => true;

        public void Publish(AlertMessage alert) => Count++;

        public void Score(int row, in RecordScore score) => Others.Add($"score {row}");

        public void Refuse(int row, Exception reason) => Others.Add($"refuse {row}");
    }

    /// <summary>Raises two alerts of every batch, and fails after them where it is broken.</summary>
    private sealed class Detector(bool isBroken) : IRecordProcessor
    {
        public static readonly FeatureSpec Fields = new([new FieldSpec { Name = "x", Kind = FieldKind.Numeric }]);

        public List<string> Calls { get; } = [];

        public bool IsBroken { get; set; } = isBroken;

        public FeatureSpec Spec => Fields;

        public bool IsReady => true;

        public TimeSpan PastAlerts => TimeSpan.FromMinutes(3);

        public void Recall(RecordBatch past) => Calls.Add("recall");

        public void RecallAlert(ReadOnlyMemory<byte> value, IReadOnlySet<(string Topic, int Partition)> partitions) => Calls.Add("recall alert");

        public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions, ForgetReason reason) => Calls.Add($"forget {reason}");

        public PastWanted Begin(string topic, int partition, string? topicId, long first)
        {
            Calls.Add($"begin {topic}/{partition} {topicId} {first}");
            return new PastWanted(7, TimeSpan.FromHours(1), 5);
        }

        public void Committed(string topic, int partition, long offset) => Calls.Add($"committed {topic}/{partition} {offset}");

        public void Tick(IAlertSink alerts) => Calls.Add("tick");

        public void Process(RecordBatch batch, IAlertSink alerts)
        {
            alerts.Publish(Alert);
            alerts.Publish(Alert);
            if (alerts.WantsScores)
                alerts.Score(0, default);
            alerts.Refuse(1, new FormatException());
            if (IsBroken)
                throw new InvalidOperationException("broken");
        }
    }
}
