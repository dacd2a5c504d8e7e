namespace AEAnomaly.Ingest.Files;

/// <summary>Turns the rows of one format into messages.</summary>
internal interface IReplayRows
{
    /// <summary>Reads the next row.</summary>
    /// <param name="message">The row as a message.</param>
    /// <param name="seconds">The time field's moment in seconds since 1970-01-01 UTC; 0 when no time field was chosen.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="RecordFileException">The row is bad.</exception>
    bool TryRead(out ReplayMessage message, out double seconds);
}
