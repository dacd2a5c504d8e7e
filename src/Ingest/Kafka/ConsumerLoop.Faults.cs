using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Native;

namespace AEAnomaly.Ingest.Kafka;

// A record that makes scoring throw goes to the dead letters, as a bad one does, and the others go on. For that the messages of a batch are held until it is processed.
internal sealed unsafe partial class ConsumerLoop
{
    // That many bad records in a row are none: the processor itself is at fault, and what it refuses would be the whole stream.
    private const int MostFaultsInARow = 1_000;

    private static readonly TimeSpan FaultPause = TimeSpan.FromMilliseconds(200);

    private readonly ScoreMessage? _scoreMessage;
    private RecordBatch? _single;
    private int _faultsInARow;

    /// <summary>Has the batch judged; where that throws twice, its records one by one.</summary>
    private void Judge()
    {
        if (TryJudge())
            return;
        // What fails for a moment, say for want of memory, concerns no record.
        Task.Delay(FaultPause, _time).Wait();
        if (!TryJudge())
            JudgeApart();
    }

    private bool TryJudge()
    {
        _alerts.Clear();
        try
        {
            _processor.Process(_batch, _alerts);
            _faultsInARow = 0;
            return true;
        }
        catch (Exception exception)
        {
            _metrics.ProcessFailed(_route.Name);
            Log.ProcessFailed(_logger, _route.Name, _batch.Count, exception);
            return false;
        }
    }

    private void JudgeApart()
    {
        _alerts.Clear();
        _single ??= new RecordBatch(_processor.Spec, 1);
        for (var row = 0; row < _batch.Count; row++)
        {
            _single.Clear();
            _single.AppendFrom(_batch, row);
            _alerts.Begin(row);
            try
            {
                _processor.Process(_single, _alerts);
                _faultsInARow = 0;
            }
            catch (Exception exception) when (++_faultsInARow < MostFaultsInARow)
            {
                _alerts.Rewind();
                _alerts.Refuse(0, exception);
            }
        }

        _alerts.Begin(0);
    }

    private void RefuseUnjudged()
    {
        foreach (var (row, reason) in _alerts.Refused)
        {
            var origin = _batch.Origins[row];
            Refuse((NativeMessage*)_held[row], origin, "score", new DecodeError("scoring_fault", null, $"Scoring the record failed: {reason.Message}"));
            Log.RecordFailed(_logger, _route.Name, origin.Place.Topic, origin.Place.Partition, origin.Place.Offset, reason);
        }
    }

    private void PublishScores()
    {
        if (_scoreMessage is null)
            return;
        foreach (var (row, score) in _alerts.Scores)
            _outbox.Enqueue(_scoreMessage.Create((NativeMessage*)_held[row], _batch.Origins[row], score));
    }

    private void Hold(int row, NativeMessage* message)
    {
        // A batch that waits for a model may grow.
        if (row >= _held.Length)
            Array.Resize(ref _held, 2 * row);
        _held[row] = (nint)message;
        _heldBytes += SizeOf(message);
    }

    private void Drop(NativeMessage* message)
    {
        _heldBytes -= SizeOf(message);
        ConsumeQueue.Destroy(message);
    }

    /// <summary>Gives the messages of the batch back, and empties it.</summary>
    private void ClearBatch()
    {
        for (var row = 0; row < _batch.Count; row++)
            ConsumeQueue.Destroy((NativeMessage*)_held[row]);
        _batch.Clear();
        _heldBytes = 0;
    }

    private static long SizeOf(NativeMessage* message) => (long)(message->PayloadSize + message->KeySize);
}
