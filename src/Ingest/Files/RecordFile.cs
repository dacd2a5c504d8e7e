using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads records from a file: CSV with a header, or one JSON object a line (NDJSON), plain or gzipped; "-" is standard input.</summary>
/// <remarks>
/// The format follows the extension (.csv, .tsv; .ndjson, .jsonl, .json), before a ".gz" where there is one; otherwise a file whose first character is '{' is
/// NDJSON. Gzip is recognised by its first bytes. Standard input can be sampled first and then read once.
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
        Format = FormatByName(path) ?? FormatByContent();
    }

    /// <summary>Gets what messages call the file: its path, or "standard input".</summary>
    public string Name => _input.Name;

    /// <summary>Gets the format.</summary>
    public RecordFileFormat Format { get; }

    /// <summary>Gets the bounds of one JSON object.</summary>
    internal JsonDecoderOptions JsonLimits => _jsonLimits;

    /// <summary>Reads the first rows as they are written, to propose fields from.</summary>
    /// <param name="maxRows">Rows at most, at least 1.</param>
    /// <returns>One column for each CSV column, or for each dotted path of a JSON value that any of the rows has.</returns>
    /// <exception cref="RecordFileException">The file is empty, or one of the rows cannot be read.</exception>
    public IReadOnlyList<SampleColumn> Sample(int maxRows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        var stream = _input.Open(isLast: false);
        try
        {
            var buffer = new InputBuffer(stream, Name);
            return Format == RecordFileFormat.Csv
                ? CsvSampler.Sample(buffer, Name, maxRows)
                : NdjsonSampler.Sample(buffer, Name, maxRows, _jsonLimits);
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
                : new NdjsonRowDecoder(spec, _jsonLimits, buffer, Name);
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
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" => RecordFileFormat.Csv,
            ".ndjson" or ".jsonl" or ".json" => RecordFileFormat.Ndjson,
            _ => null,
        };
    }

    private RecordFileFormat FormatByContent()
    {
        var stream = (RewindableStream)_input.Open(isLast: false);
        try
        {
            var text = stream.Peek(1, SniffedBytes).AsSpan();
            if (text.StartsWith("\uFEFF"u8))
                text = text[3..];
            return text.TrimStart(" \t\r\n"u8).StartsWith("{"u8) ? RecordFileFormat.Ndjson : RecordFileFormat.Csv;
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
