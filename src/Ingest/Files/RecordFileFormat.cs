namespace AEAnomaly.Ingest.Files;

/// <summary>States how a file writes its records.</summary>
public enum RecordFileFormat
{
    /// <summary>A header line and rows of cells (RFC 4180).</summary>
    Csv,

    /// <summary>JSON objects, one a line or in an array; a table in binary form is read so too.</summary>
    Ndjson,
}
