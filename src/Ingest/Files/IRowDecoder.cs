using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Files;

/// <summary>Decodes the rows of one format, one after the other.</summary>
internal interface IRowDecoder
{
    /// <summary>Gets the line where the row begins, from 1.</summary>
    long Line { get; }

    /// <summary>Gets how many bytes of the input the row takes that are not consumed yet.</summary>
    int PendingBytes { get; }

    /// <summary>Moves to the next row.</summary>
    /// <returns>False at the end.</returns>
    bool MoveNext();

    /// <summary>Decodes the row as a new record of the batch; adds nothing when it is bad.</summary>
    /// <param name="origin">Where it came from.</param>
    /// <param name="batch">Receives the record.</param>
    /// <param name="error">Says what is wrong, with file and line, when the result is false.</param>
    bool TryDecode(in RecordOrigin origin, RecordBatch batch, out DecodeError error);
}
