namespace AEAnomaly.Ingest.Kafka;

/// <summary>Remembers which of the last offsets of a partition were seen, in 4 KiB.</summary>
internal sealed class SeenOffsets
{
    /// <summary>Offsets below the newest one that are remembered: more than a process has on its way between two commits.</summary>
    public const int Window = 32_768;

    private readonly ulong[] _bits = new ulong[Window / 64];
    private long _newest = -1;
    private int _epoch = -1;

    /// <summary>Adds an offset.</summary>
    /// <param name="offset">Offset.</param>
    /// <param name="leaderEpoch">Leader epoch of its record: where it rises at an offset that lies below the newest one, the log was cut, and other records follow.</param>
    /// <returns>False where it was seen; true also for one too old to tell.</returns>
    public bool TryAdd(long offset, int leaderEpoch)
    {
        if (_newest < 0 || offset - _newest >= Window || (leaderEpoch > _epoch && offset <= _newest))
        {
            Array.Clear(_bits);
            _newest = offset;
        }

        _epoch = Math.Max(_epoch, leaderEpoch);
        if (offset <= _newest - Window)
            return true;
        for (; _newest < offset; _newest++)
            Bit(_newest + 1) &= ~Mask(_newest + 1);
        ref var bits = ref Bit(offset);
        var isNew = (bits & Mask(offset)) == 0;
        bits |= Mask(offset);
        return isNew;
    }

    private ref ulong Bit(long offset) => ref _bits[offset % Window / 64];

    private static ulong Mask(long offset) => 1UL << (int)(offset % 64);
}
