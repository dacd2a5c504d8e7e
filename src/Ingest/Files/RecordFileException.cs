namespace AEAnomaly.Ingest.Files;

/// <summary>Says that a file of records cannot be read, and why: the message names the file and, where there is one, the line.</summary>
public sealed class RecordFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, what was found and what to do.</param>
    public RecordFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What is wrong, where, what was found and what to do.</param>
    /// <param name="innerException">What the operating system or the decompressor said.</param>
    public RecordFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Gets whether one row is bad, which <see cref="RowErrorHandling.Report"/> would leave out.</summary>
    public bool IsBadRow { get; init; }
}
