using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Streaming;

/// <summary>Decodes messages of one format into a batch. Not thread-safe; the batch's loop owns it.</summary>
public interface IRecordDecoder
{
    /// <summary>Decodes one message as a new record of the batch; adds nothing when it is bad.</summary>
    /// <param name="payload">The message's value, as it came.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="batch">Receives the record.</param>
    /// <param name="decodeError">Says what is wrong and where when the result is false.</param>
    /// <returns>True when the record was added.</returns>
    bool TryDecode(ReadOnlySpan<byte> payload, in RecordOrigin origin, RecordBatch batch, out DecodeError decodeError);
}
