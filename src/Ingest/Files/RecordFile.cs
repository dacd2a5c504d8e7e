using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads records from a file: CSV with a header, JSON objects (one a line, or in an array), or Parquet; "-" is standard input.</summary>
/// <remarks>
/// Text is UTF-8 or UTF-16, plain or compressed with gzip or zstd; all of that is recognised by content. Between CSV and JSON the extension decides (.csv, .tsv; .ndjson, .jsonl, .json),
/// before a ".gz" or ".zst" where there is one; otherwise a file whose first character is '{' or '[' is JSON. What else is recognised is named and refused. Standard input can be
/// sampled first and then read once.
/// </remarks>
public sealed class RecordFile
{
    private const int SniffedBytes = 4096;
    private const int RowsPerStep = 4096;

    private readonly RecordInput _input;
    private readonly JsonDecoderOptions _jsonLimits;

    /// <summary>Finds a file and recognises its format.</summary>
    /// <param name="path">Path, or "-" for standard input.</param>
    /// <param name="jsonLimits">Bounds of one JSON object; default bounds when null.</param>
    /// <param name="standardInput">What "-" reads; the process's standard input when null.</param>
    /// <exception cref="RecordFileException">There is no such file, or it cannot be opened.</exception>
    public RecordFile(string path, JsonDecoderOptions? jsonLimits = null, Stream? standardInput = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _input = new RecordInput(path, standardInput);
        _jsonLimits = jsonLimits ?? new JsonDecoderOptions();
        Format = RecogniseFormat(FormatByName(path));
    }

    /// <summary>Gets what messages call the file: its path, or "standard input".</summary>
    public string Name => _input.Name;

    /// <summary>Gets the format.</summary>
    public RecordFileFormat Format { get; }

    /// <summary>Gets the bounds of one JSON object.</summary>
    internal JsonDecoderOptions JsonLimits => _jsonLimits;

    private string LineWord => _input.IsTable ? "row" : "line";

    /// <summary>Reads the first rows as they are written, to propose fields from.</summary>
    /// <param name="maxRows">Rows at most, at least 1.</param>
    /// <param name="errorHandling">What a bad row does.</param>
    /// <exception cref="RecordFileException">The file has no rows, or one that cannot be read and <see cref="RowErrorHandling.Fail"/> was chosen.</exception>
    public RecordSample Sample(int maxRows, RowErrorHandling errorHandling = RowErrorHandling.Fail)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        var stream = _input.Open(isLast: false);
        try
        {
            var buffer = new InputBuffer(stream, Name);
            return Format == RecordFileFormat.Csv
                ? CsvSampler.Sample(buffer, Name, maxRows, errorHandling)
                : NdjsonSampler.Sample(buffer, Name, maxRows, _jsonLimits, errorHandling, LineWord);
        }
        finally
        {
            _input.Close(stream);
        }
    }

    /// <summary>Opens the file to be read batch after batch.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="errorHandling">What a bad row does.</param>
    /// <exception cref="RecordFileException">The file cannot be opened, its header is wrong, or a declared column is missing.</exception>
    public RecordFileReader OpenReader(FeatureSpec spec, RowErrorHandling errorHandling = RowErrorHandling.Fail)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var stream = _input.Open(isLast: true);
        try
        {
            var buffer = new InputBuffer(stream, Name);
            IRowDecoder rows = Format == RecordFileFormat.Csv
                ? new CsvRowDecoder(spec, buffer, Name)
                : new NdjsonRowDecoder(spec, _jsonLimits, buffer, Name, LineWord);
            return new RecordFileReader(_input, stream, buffer, rows, errorHandling);
        }
        catch
        {
            _input.Close(stream);
            throw;
        }
    }

    /// <summary>Reads all rows.</summary>
    /// <param name="spec">Declared fields.</param>
    /// <param name="target">Receives the good rows, in order.</param>
    /// <param name="errorHandling">What a bad row does.</param>
    /// <returns>The rows left out; empty unless <see cref="RowErrorHandling.Report"/> was chosen.</returns>
    /// <exception cref="RecordFileException">The file cannot be read, or a row is bad and <see cref="RowErrorHandling.Fail"/> was chosen.</exception>
    public IReadOnlyList<RowError> ReadAll(FeatureSpec spec, RecordBatch target, RowErrorHandling errorHandling = RowErrorHandling.Fail)
    {
        using var reader = OpenReader(spec, errorHandling);
        var errors = new List<RowError>();
        while (reader.Read(target, RowsPerStep))
            errors.AddRange(reader.Errors);
        return errors;
    }

    /// <summary>Opens the file at its beginning, for readers that do not decode.</summary>
    internal Stream Open() => _input.Open(isLast: true);

    /// <summary>Closes what <see cref="Open"/> gave.</summary>
    internal void Close(Stream stream) => _input.Close(stream);

    private static RecordFileFormat? FormatByName(string path)
    {
        var name = path;
        foreach (var ending in (ReadOnlySpan<string>)[".gz", ".zst"])
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                name = name[..^ending.Length];
        }

        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" => RecordFileFormat.Csv,
            ".ndjson" or ".jsonl" or ".json" => RecordFileFormat.Ndjson,
            _ => null,
        };
    }

    private RecordFileFormat RecogniseFormat(RecordFileFormat? named)
    {
        // Opened even where the name says it: what the file is, and whether it can be read at all, is then known before anything is done with it.
        var stream = (RewindableStream)_input.Open(isLast: false);
        try
        {
            var text = stream.Peek(1, SniffedBytes).AsSpan();
            if (text.StartsWith("\uFEFF"u8))
                text = text[3..];
            text = text.TrimStart(" \t\r\n\u001E"u8);
            if (_input.IsTable || text.StartsWith("{\""u8) || (named is null && (text.StartsWith("{"u8) || text.StartsWith("["u8))))
                return RecordFileFormat.Ndjson;
            return named ?? RecordFileFormat.Csv;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new RecordFileException($"{Name}: cannot be read: {exception.Message}", exception);
        }
        finally
        {
            _input.Close(stream);
        }
    }
}
