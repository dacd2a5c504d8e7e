using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Knows the content of a batch again: the same object is filled anew with other records.</summary>
internal readonly struct BatchMark(RecordBatch batch)
{
    private readonly int _count = batch.Count;
    private readonly RecordOrigin _last = batch.Origins[^1];

    private bool IsUnchanged => batch.Count == _count && batch.Origins[^1] == _last;

    /// <summary>Tells whether a batch is the marked one, with the records that it had.</summary>
    public bool IsWhole(RecordBatch other) => ReferenceEquals(batch, other) && IsUnchanged;

    /// <summary>Tells whether the first record of a batch is one of those of the marked one, which still has them.</summary>
    public bool Holds(RecordBatch other) => IsUnchanged && batch.Origins.Contains(other.Origins[0]);
}
