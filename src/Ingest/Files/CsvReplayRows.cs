using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AEAnomaly.Detection.Values;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Turns CSV rows into JSON objects: a cell that is a JSON number stays one as it is written, an empty cell is absent, the rest is text.</summary>
internal sealed class CsvReplayRows : IReplayRows
{
    private readonly CsvRowReader _rows;
    private readonly string _name;
    private readonly CsvHeader _header;
    private readonly JsonEncodedText[] _properties;
    private readonly bool[] _staysText;
    private readonly int _keyColumn;
    private readonly int _timeColumn;
    private readonly ArrayBufferWriter<byte> _json = new();

    public CsvReplayRows(InputBuffer input, string name, ReplayOptions options)
    {
        _name = name;
        _rows = new CsvRowReader(input, name);
        _header = CsvHeader.Read(_rows, name);
        _properties = [.. _header.Columns.Select(c => JsonEncodedText.Encode(c, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        _staysText = [.. _header.Columns.Select(options.TextColumns.Contains)];
        _keyColumn = Find(options.KeyField);
        _timeColumn = Find(options.TimeField);
    }

    public bool TryRead(out ReplayMessage message, out double seconds)
    {
        message = default;
        seconds = 0;
        if (!_rows.Read())
            return false;

        if (!_header.Fits(_rows))
            throw new RecordFileException(_header.Misfit(_rows) + ".");

        var place = $"{_name} line {_rows.Line}";

        DateTimeOffset? timestamp = null;
        if (_timeColumn >= 0)
        {
            if (TimestampText.TryParse(_rows[_timeColumn], out seconds) != ValueStatus.Fine)
            {
                throw new RecordFileException(
                    $"{place} column '{_header.Columns[_timeColumn]}': expected an ISO-8601 time or Unix seconds or milliseconds, " +
                    $"found {ValueExcerpt.Of(_rows[_timeColumn])}.");
            }

            timestamp = ReplayTime.ToTimestamp(seconds, place);
        }

        var key = _keyColumn < 0 ? [] : CategoryText.Of(_rows[_keyColumn]).ToArray();
        message = new ReplayMessage(key, ToJson(place), timestamp);
        return true;
    }

    private byte[] ToJson(string place)
    {
        _json.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        for (var column = 0; column < _header.Width; column++)
        {
            var cell = Blanks.Trim(_rows[column]);
            if (cell.IsEmpty || _header.Columns[column].Length == 0)
                continue;
            if (!Utf8.IsValid(cell))
                throw new RecordFileException($"{place} column '{_header.Columns[column]}': {CsvHeader.InvalidUtf8(cell)}.");

            writer.WritePropertyName(_properties[column]);
            if (!_staysText[column] && NumberText.IsJsonNumber(cell))
                writer.WriteRawValue(cell, skipInputValidation: true);
            else
                writer.WriteStringValue(cell);
        }

        writer.WriteEndObject();
        writer.Flush();
        return _json.WrittenSpan.ToArray();
    }

    private int Find(string? field)
    {
        if (field is null)
            return -1;
        var column = _header.Find(field);
        if (column < 0)
            throw new RecordFileException($"{_name}: has no column '{field}'; its columns are {_header.Names}.");
        return column;
    }
}
