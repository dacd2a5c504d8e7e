using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>A topic's past, in memory.</summary>
internal sealed class MemoryHistory : IRecordHistory
{
    private readonly Lock _gate = new();
    private RecordBatch _records;

    public MemoryHistory(RecordBatch records) => _records = records;

    /// <summary>Gets or sets what reading fails with, or null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Gets or sets how many records of the estimate turn out to be bad.</summary>
    public int BadRecords { get; set; }

    /// <summary>Gets or sets whether all records are older than any window that has an age.</summary>
    public bool IsOld { get; set; }

    /// <summary>Gets or sets what happens while the past is read.</summary>
    public Action OnRead { get; set; } = static () => { };

    public int Reads { get; private set; }

    /// <summary>What the last reading filled, as long as somebody holds it.</summary>
    public WeakReference<RecordBatch>? LastWindow { get; private set; }

    public void Replace(RecordBatch records)
    {
        lock (_gate)
            _records = records;
    }

    public Task<long> CountAsync(HistoryWindow window, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Failure is { } failure)
                return Task.FromException<long>(failure);
            return Task.FromResult(IsOld && window.Age is not null ? 0 : Math.Min(_records.Count + BadRecords, (long)window.MaxRecords));
        }
    }

    public Task<IReadOnlyList<HistoryRange>> ReadAsync(HistoryWindow window, RecordBatch target, Action<RecordBatch>? arrived, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Reads++;
            OnRead();
            LastWindow = new WeakReference<RecordBatch>(target);
            if (Failure is { } failure)
                return Task.FromException<IReadOnlyList<HistoryRange>>(failure);
            for (var row = IsOld && window.Age is not null ? _records.Count : Math.Max(0, _records.Count - window.MaxRecords); row < _records.Count; row++)
            {
                target.AppendFrom(_records, row);
                arrived?.Invoke(target);
            }

            return Task.FromResult<IReadOnlyList<HistoryRange>>([new HistoryRange("payments", 0, 0, _records.Count)]);
        }
    }
}
