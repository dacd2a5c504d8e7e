using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Notes the numbers of the records it is handed, and alerts on those it is asked to.</summary>
internal sealed class RecordingProcessor : IRecordProcessor
{
    private readonly Lock _gate = new();
    private readonly List<int> _numbers = [];
    private readonly List<RecordOrigin> _origins = [];
    private readonly List<(RecordOrigin Origin, int Number, int ProcessedBefore)> _recalled = [];
    private readonly List<(string Value, int ProcessedBefore)> _recalledAlerts = [];
    private readonly List<int> _forgotten = [];
    private volatile bool _isReady = true;
    private int _ticks;

    public FeatureSpec Spec => PaymentRecords.Spec;

    public bool IsReady
    {
        get => _isReady;
        set => _isReady = value;
    }

    /// <summary>Which records are alerted on; none by default.</summary>
    public Func<int, bool> Alerts { get; init; } = static _ => false;

    /// <summary>What an alert holds; by default the record's number.</summary>
    public Func<int, byte[]> AlertBody { get; init; } = static number => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Which records are refused; none by default.</summary>
    public Func<int, bool> Refuses { get; init; } = static _ => false;

    /// <summary>Called before a batch is noted; may throw.</summary>
    public Action<RecordBatch> BeforeBatch { get; init; } = static _ => { };

    /// <summary>Called with every tick; may throw.</summary>
    public Action OnTick { get; init; } = static () => { };

    /// <summary>What this processor wants to see again of a partition.</summary>
    public int PastRecords { get; init; }

    /// <summary>What this processor wants to see again of a partition besides, by the partition and its first record to process.</summary>
    public Func<int, long, PastWanted> Past { get; init; } = static (_, _) => default;

    /// <summary>How far each partition was told to be committed.</summary>
    public ConcurrentDictionary<int, long> CommittedTo { get; } = [];

    /// <summary>Why partitions were to be forgotten, in order.</summary>
    public ConcurrentQueue<ForgetReason> ForgetReasons { get; } = [];

    /// <summary>How far back this processor wants to see alerts again; none by default.</summary>
    public TimeSpan PastAlerts { get; init; }

    /// <summary>The alerts handed over, each with how many records had been processed until then.</summary>
    public IReadOnlyList<(string Value, int ProcessedBefore)> RecalledAlerts
    {
        get
        {
            lock (_gate)
                return [.. _recalledAlerts];
        }
    }

    public int Ticks => Volatile.Read(ref _ticks);

    public int Count
    {
        get
        {
            lock (_gate)
                return _numbers.Count;
        }
    }

    public IReadOnlyList<int> Numbers
    {
        get
        {
            lock (_gate)
                return [.. _numbers];
        }
    }

    public IReadOnlyList<RecordOrigin> Origins
    {
        get
        {
            lock (_gate)
                return [.. _origins];
        }
    }

    /// <summary>The records handed over to know what came before, each with how many of its partition had been processed until then.</summary>
    public IReadOnlyList<(RecordOrigin Origin, int Number, int ProcessedBefore)> Recalled
    {
        get
        {
            lock (_gate)
                return [.. _recalled];
        }
    }

    /// <summary>The partitions forgotten, in order.</summary>
    public IReadOnlyList<int> Forgotten
    {
        get
        {
            lock (_gate)
                return [.. _forgotten];
        }
    }

    public PastWanted Begin(string topic, int partition, string? topicId, long first) => Past(partition, first) is { IsNothing: false } past ? past : new PastWanted(PastRecords);

    public void Committed(string topic, int partition, long offset) => CommittedTo[partition] = offset;

    public void Recall(RecordBatch past)
    {
        lock (_gate)
        {
            for (var row = 0; row < past.Count; row++)
            {
                var origin = past.Origins[row];
                _recalled.Add((origin, (int)past.Numbers(1)[row], _origins.Count(processed => processed.Partition == origin.Partition)));
            }
        }
    }

    public void RecallAlert(ReadOnlyMemory<byte> value, IReadOnlySet<(string Topic, int Partition)> partitions)
    {
        lock (_gate)
            _recalledAlerts.Add((Encoding.UTF8.GetString(value.Span), _numbers.Count));
    }

    public void Forget(IReadOnlySet<(string Topic, int Partition)> partitions, ForgetReason reason)
    {
        ForgetReasons.Enqueue(reason);
        lock (_gate)
            _forgotten.AddRange(partitions.Select(partition => partition.Partition));
    }

    public void Process(RecordBatch batch, IAlertSink alerts)
    {
        BeforeBatch(batch);
        lock (_gate)
        {
            for (var row = 0; row < batch.Count; row++)
            {
                var number = (int)batch.Numbers(1)[row];
                _numbers.Add(number);
                _origins.Add(batch.Origins[row]);
                if (Refuses(number))
                    alerts.Refuse(row, new InvalidOperationException($"{number} cannot be told of"));
                else if (Alerts(number))
                    alerts.Publish(Alert(number) with { Row = row });
                if (alerts.WantsScores && !Refuses(number))
                    alerts.Score(row, number % 5 == 0 ? new RecordScore(RecordScore.Warming, null, null, "v1") : new RecordScore(RecordScore.Normal, number, number / 100.0, "v1"));
            }
        }
    }

    public void Tick(IAlertSink alerts)
    {
        Interlocked.Increment(ref _ticks);
        OnTick();
    }

    private AlertMessage Alert(int number) => new(
        Encoding.UTF8.GetBytes($"card{number % 7}"),
        AlertBody(number),
        [KeyValuePair.Create("ce_id", number.ToString(CultureInfo.InvariantCulture))]);
}
