using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Parquet;
using Parquet.Schema;

namespace AEAnomaly.Ingest.Files;

/// <summary>Reads a Parquet file as text: one JSON object a row, one row group in memory at a time.</summary>
/// <remarks>
/// A column of a nested structure is a property called by its dotted path; of lists and maps only that there is one, since they cannot be fields. A moment is ISO-8601, in UTC where
/// the file says so; NaN is null, as missing values are in tables of numbers.
/// </remarks>
internal sealed class ParquetRowStream : ReadOnlyStream
{
    private readonly Stream _file;
    private readonly string _name;
    private readonly ParquetReader _reader;
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Utf8JsonWriter _json;
    private ParquetColumn[] _columns = [];
    private int _group;
    private int _row;
    private int _rows;
    private int _given;

    public ParquetRowStream(Stream file, string name)
    {
        _file = file;
        _name = name;
        _json = new Utf8JsonWriter(_text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _reader = Guarded(() => ParquetReader.CreateAsync(file, new ParquetOptions { TreatByteArrayAsString = true }, leaveStreamOpen: true));
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (_given == _text.WrittenCount)
        {
            if (_row == _rows && !TryNextGroup())
                return 0;
            if (_row < _rows)
                WriteRow();
        }

        var count = Math.Min(buffer.Length, _text.WrittenCount - _given);
        _text.WrittenSpan.Slice(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _json.Dispose();
            Task.Run(async () => await _reader.DisposeAsync().ConfigureAwait(false)).GetAwaiter().GetResult();
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool TryNextGroup()
    {
        if (_group == _reader.RowGroupCount)
            return false;
        try
        {
            using var group = _reader.OpenRowGroupReader(_group++);
            (_row, _rows) = (0, checked((int)group.RowCount));
            _columns = [.. _reader.Schema.Fields.SelectMany(field => Columns(field, group))];
            return true;
        }
        catch (Exception exception) when (exception is not RecordFileException)
        {
            throw Refused(exception);
        }
    }

    private IEnumerable<ParquetColumn> Columns(Field field, ParquetRowGroupReader group) => field switch
    {
        DataField { MaxRepetitionLevel: 0 } data => [Guarded(() => ParquetColumn.ReadAsync(data, group, _rows))],
        StructField structure => structure.Fields.SelectMany(part => Columns(part, group)),
        _ => [ParquetColumn.Nested(field)],
    };

    private void WriteRow()
    {
        _text.ResetWrittenCount();
        _given = 0;
        _json.Reset();
        _json.WriteStartObject();
        try
        {
            foreach (var column in _columns)
                column.Write(_json, _row);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A column with fewer values than the group has rows, or values that are none.
            throw Refused(exception);
        }

        _json.WriteEndObject();
        _json.Flush();
        _text.Write("\n"u8);
        _row++;
    }

    // The library is asynchronous, and reads from a file or from memory only.
    private T Guarded<T>(Func<Task<T>> read)
    {
        try
        {
            return Task.Run(read).GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            throw Refused(exception);
        }
    }

    // A damaged length asks for more memory than there is; that is the file's fault too.
    private RecordFileException Refused(Exception exception) => new($"{_name}: cannot be read as Parquet: {exception.Message} Write it anew, or as CSV.", exception);
}
