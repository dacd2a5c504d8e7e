namespace AEAnomaly.Ingest.Kafka;

// What a topic refuses as too large. A broker measures batches, so a refused message may only have had large neighbours: batches are made smaller until one is refused by
// itself, and that one is shortened. A refusal ends a transaction; the next one knows what was refused.
internal sealed partial class Outbox
{
    private const int UsualBatchBytes = 1_000_000;

    private readonly LineBudget _shortenedLines;
    private int _batchBytes;
    private bool _isOutgrown;
    private bool _isRemedied;

    /// <summary>Makes it likely that a message refused as too large is taken the next time.</summary>
    /// <returns>False where it is as short as it gets.</returns>
    private bool TryRemedy(OutboundMessage message)
    {
        // The client puts a message of that size into no batch with others.
        if (message.WireBytes < _batchBytes)
        {
            _limits.RefuseBatch(_batchBytes);
            if (!_isOutgrown)
                Log.BatchRefused(_logger, _route.Name, message.Topic, _limits.BatchBytes);
            _isOutgrown = true;
        }
        else
        {
            if (TryGiveUpCopy(message))
                return true;
            _limits.Refuse(message);
            if (!TryShorten(message))
                return false;
        }

        if (_transaction is not null)
            (_refused, _isRemedied) = ($"topic '{message.Topic}' refused a message as too large; it goes out shorter, or in a smaller batch", true);
        return true;
    }

    // A copy is whole, or none: what is not committed is read again, and its record is a dead letter then.
    private bool TryGiveUpCopy(OutboundMessage message)
    {
        if (message.Kind != OutboundKind.Copy)
            return false;
        _limits.Refuse(message);
        (_refused, _isRemedied) = ($"topic '{message.Topic}' refused the copy of {message.About} as too large; the record goes to the dead letters", true);
        return true;
    }

    /// <summary>Tells whether a message is known to be refused.</summary>
    public bool IsRefused(OutboundMessage message) => _limits.IsRefused(message);

    /// <summary>Shortens what is known to be refused.</summary>
    private void FitKnownLimit(OutboundMessage message)
    {
        while (_limits.IsRefused(message) && MessageShortener.TryShorten(message))
            continue;
        if (message.IsShortened)
            SayShortened(message);
    }

    private bool TryShorten(OutboundMessage message)
    {
        var before = message.SizeBytes;
        if (!MessageShortener.TryShorten(message))
            return false;
        LaneOf(message.Kind).WaitingBytes += message.SizeBytes - before;
        SayShortened(message);
        return true;
    }

    private void SayShortened(OutboundMessage message)
    {
        if (_shortenedLines.MayWrite(out var others))
            Log.Shortened(_logger, _route.Name, message.Topic, IngestMetrics.NameOf(message.Kind), message.About, message.WireBytes, others);
    }
}
