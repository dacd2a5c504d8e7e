using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Files;

/// <summary>Says why a row of a file was left out.</summary>
/// <param name="Line">Line where the row begins, from 1.</param>
/// <param name="Row">Row number from 0, the header not counted; good and bad rows count alike.</param>
/// <param name="Error">Reason, field and message; the message names file and line.</param>
public readonly record struct RowError(long Line, long Row, DecodeError Error);
