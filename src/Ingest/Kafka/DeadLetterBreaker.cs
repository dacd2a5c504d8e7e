using System.Globalization;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>
/// Stops the reading of a detector when too many of its last records went to the dead letters: then it is the configuration that is wrong, or the whole stream, and going
/// on would set all of it aside. It outlives the loop, so that a failure does not reset it. One thread, but for what is said.
/// </summary>
/// <remarks>
/// The last records are counted in blocks, whole turns of the loop, and as many blocks as hold the window: what lies further back does not count, however much it is. A
/// stream with fewer records than the window is taken for one that had good ones before.
/// </remarks>
internal sealed class DeadLetterBreaker(DeadLetterLimit? limit)
{
    // Turns with few records share a block, so that a window has some hundred blocks.
    private const int BlocksOfAWindow = 256;

    private readonly Queue<(long Records, long Bad)> _blocks = new();
    private (long Records, long Bad) _turn;
    private (long Records, long Bad) _open;
    private (long Records, long Bad) _closed;
    private (RecordOrigin Origin, DecodeError Error) _last;
    private volatile string? _problem;
    private volatile bool _isResumeWanted;

    /// <summary>Gets whether nothing may be read; any thread.</summary>
    public bool IsTripped => _problem is not null;

    /// <summary>Gets why nothing is read, in one sentence with what to do, or null; any thread.</summary>
    public string? Problem => _problem;

    /// <summary>Asks the loop to go on; any thread.</summary>
    /// <returns>False where it is not stopped.</returns>
    public bool AskToResume()
    {
        if (!IsTripped)
            return false;
        _isResumeWanted = true;
        return true;
    }

    /// <summary>Goes on where somebody asked for it, with an empty window.</summary>
    public bool TryResume()
    {
        if (!_isResumeWanted)
            return false;
        (_turn, _open, _closed) = (default, default, default);
        _blocks.Clear();
        (_problem, _isResumeWanted) = (null, false);
        return true;
    }

    /// <summary>Counts records that were read, bad ones included.</summary>
    public void Count(long records) => _turn.Records += records;

    /// <summary>Counts a bad one of them.</summary>
    public void CountBad(in RecordOrigin origin, in DecodeError error)
    {
        _turn.Bad++;
        _last = (origin, error);
    }

    /// <summary>Ends a turn of the loop.</summary>
    /// <returns>Whether it has just been too much.</returns>
    public bool EndTurn()
    {
        if (limit is null or { Share: >= 1 } || _turn == default)
            return false;
        _open = (_open.Records + _turn.Records, _open.Bad + _turn.Bad);
        _turn = default;
        Slide(limit.Window);
        var (records, bad) = (_closed.Records + _open.Records, _closed.Bad + _open.Bad);
        if (IsTripped || bad <= limit.Share * Math.Max(records, limit.Window))
            return false;
        _problem = string.Create(
            CultureInfo.InvariantCulture,
            $"stopped reading: {bad} of the last {records} records went to the dead letters, more than dead_letter_limit allows ({limit.Share} of {limit.Window}); the last, {_last.Origin.Topic}/{_last.Origin.Partition} "
            + $"offset {_last.Origin.Offset}, as {_last.Error.Reason}: {_last.Error.Message.TrimEnd('.')}. Correct the producer, or the configuration and restart; to go on all the same: aeanomaly resume");
        return true;
    }

    private void Slide(int window)
    {
        while (_blocks.TryPeek(out var oldest) && _closed.Records + _open.Records - oldest.Records >= window)
        {
            _blocks.Dequeue();
            _closed = (_closed.Records - oldest.Records, _closed.Bad - oldest.Bad);
        }

        if (_open.Records * BlocksOfAWindow < window)
            return;
        _blocks.Enqueue(_open);
        _closed = (_closed.Records + _open.Records, _closed.Bad + _open.Bad);
        _open = default;
    }
}
