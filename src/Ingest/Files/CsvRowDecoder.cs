using System.Text.Unicode;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Decodes CSV rows into the declared fields: an empty cell is missing.</summary>
internal sealed class CsvRowDecoder : IRowDecoder
{
    private const int NoColumn = -1;

    private readonly FeatureSpec _spec;
    private readonly CsvRowReader _rows;
    private readonly string _name;
    private readonly string[] _columns;
    private readonly int[] _columnOfField;

    public CsvRowDecoder(FeatureSpec spec, InputBuffer input, string name)
    {
        _spec = spec;
        _name = name;
        _rows = new CsvRowReader(input, name);
        _columns = CsvHeader.Read(_rows, name);
        _columnOfField = [.. spec.Fields.Select(FindColumn)];
    }

    public long Line => _rows.Line;

    public int PendingBytes => _rows.PendingBytes;

    public bool MoveNext() => _rows.Read();

    public bool TryDecode(in RecordOrigin origin, RecordBatch batch, out DecodeError error)
    {
        if (_rows.CellCount != _columns.Length)
        {
            error = new DecodeError(
                DecodeReasons.Malformed, null, $"{_name} line {Line}: expected {_columns.Length} cells as in the header, found {_rows.CellCount}");
            return false;
        }

        var row = batch.Append(in origin);
        for (var field = 0; field < _columnOfField.Length; field++)
        {
            var column = _columnOfField[field];
            if (column != NoColumn && !TryDecodeCell(field, _rows[column], batch, row, out error))
            {
                batch.RemoveLast();
                return false;
            }
        }

        error = default;
        return true;
    }

    private bool TryDecodeCell(int field, ReadOnlySpan<byte> cell, RecordBatch batch, int row, out DecodeError error)
    {
        error = default;
        var kind = _spec.Fields[field].Kind;
        if (cell.IsEmpty)
        {
            if (!_spec.Fields[field].IsRequired)
                return true;
            error = Fail(DecodeReasons.MissingField, field, "a value is required, and the cell is empty");
            return false;
        }

        if (!FeatureSpec.IsNumber(kind))
        {
            if (!Utf8.IsValid(cell))
            {
                error = Fail(DecodeReasons.InvalidUtf8, field, $"not valid UTF-8, found {ValueExcerpt.Of(cell)}");
                return false;
            }

            batch.SetText(field, row, cell);
            return true;
        }

        var status = FieldText.TryParse(kind, cell, out var value);
        if (status != ValueStatus.Fine)
        {
            var reason = status == ValueStatus.NotFinite ? DecodeReasons.NotFinite : DecodeReasons.WrongType;
            error = Fail(reason, field, $"expected {FieldText.Expectation(kind)}, found {ValueExcerpt.Of(cell)}");
            return false;
        }

        batch.SetNumber(field, row, value);
        return true;
    }

    private DecodeError Fail(string reason, int field, string finding) =>
        new(reason, _spec.Fields[field].Name, $"{_name} line {Line} column '{_columns[_columnOfField[field]]}': {finding}");

    private int FindColumn(FieldSpec field)
    {
        if (!FeatureSpec.IsRead(field))
            return NoColumn;
        var column = Array.IndexOf(_columns, field.EffectivePath);
        // Data to be scored has no label as a rule, and what only passes through to alerts is not needed either.
        if (column < 0 && (field.Kind is not (FieldKind.Label or FieldKind.Ignore) || field.IsRequired))
        {
            throw new RecordFileException(
                $"{_name}: has no column '{field.EffectivePath}' for field '{field.Name}'; its columns are {string.Join(", ", _columns)}.");
        }

        return column;
    }
}
