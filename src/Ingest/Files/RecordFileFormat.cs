namespace AEAnomaly.Ingest.Files;

/// <summary>States how a file writes its records.</summary>
public enum RecordFileFormat
{
    /// <summary>A header line and rows of cells (RFC 4180).</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Ndjson,
}
