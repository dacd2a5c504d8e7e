namespace AEAnomaly.Ingest.Files;

/// <summary>States what a row that cannot be decoded does.</summary>
public enum RowErrorHandling
{
    /// <summary>Ends the reading with a <see cref="RecordFileException"/>.</summary>
    Fail,

    /// <summary>Is left out and reported as a <see cref="RowError"/>.</summary>
    Report,
}
