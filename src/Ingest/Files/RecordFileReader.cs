using AEAnomaly.Detection.Records;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads a file batch after batch, so that its size does not matter. Not thread-safe.</summary>
public sealed class RecordFileReader : IDisposable
{
    private readonly RecordInput _input;
    private readonly Stream _stream;
    private readonly InputBuffer _buffer;
    private readonly IRowDecoder _rows;
    private readonly RowErrorHandling _errorHandling;
    private readonly List<RowError> _errors = [];

    internal RecordFileReader(RecordInput input, Stream stream, InputBuffer buffer, IRowDecoder rows, RowErrorHandling errorHandling)
    {
        _input = input;
        _stream = stream;
        _buffer = buffer;
        _rows = rows;
        _errorHandling = errorHandling;
    }

    /// <summary>Gets the rows read so far, good and bad.</summary>
    public long RowsRead { get; private set; }

    /// <summary>Gets the rows left out so far.</summary>
    public long BadRows { get; private set; }

    /// <summary>Gets the rows left out by the last <see cref="Read"/>, in order.</summary>
    public IReadOnlyList<RowError> Errors => _errors;

    /// <summary>Appends the next rows to a batch; the origin of a record is the file's name and the row number from 0.</summary>
    /// <remarks>On standard input it returns early rather than wait for more while rows are at hand.</remarks>
    /// <param name="target">Receives the good rows; the caller clears it between batches.</param>
    /// <param name="maxRows">Rows to read at most, good and bad, at least 1.</param>
    /// <returns>False when the file had no more rows.</returns>
    /// <exception cref="RecordFileException">A row is bad and <see cref="RowErrorHandling.Fail"/> was chosen, or the file cannot be read on.</exception>
    public bool Read(RecordBatch target, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        _errors.Clear();
        for (var read = 0; read < maxRows; read++)
        {
            if (read > 0 && _input.IsReadOnce && !_buffer.HasLineAfter(_rows.PendingBytes))
                return true;
            if (!_rows.MoveNext())
                return read > 0;

            var origin = new RecordOrigin(_input.Name, 0, RowsRead, -1);
            RowsRead++;
            if (_rows.TryDecode(in origin, target, out var error))
                continue;
            if (error.IsDeletion)
                continue;
            if (_errorHandling == RowErrorHandling.Fail)
                throw new RecordFileException(error.Message + ".") { IsBadRow = true };
            BadRows++;
            _errors.Add(new RowError(_rows.Line, origin.Offset, error));
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _input.Close(_stream);
}
