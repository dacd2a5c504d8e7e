using System.Text.Unicode;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Values;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Decodes CSV rows into the declared fields: a cell of nothing but blanks is missing.</summary>
internal sealed class CsvRowDecoder : IRowDecoder
{
    private const int NoColumn = -1;

    private readonly FeatureSpec _spec;
    private readonly CsvRowReader _rows;
    private readonly string _name;
    private readonly CsvHeader _header;
    private readonly FieldGrammar[] _grammars;
    private readonly int[] _columnOfField;

    public CsvRowDecoder(FeatureSpec spec, InputBuffer input, string name)
    {
        _spec = spec;
        _name = name;
        _rows = new CsvRowReader(input, name);
        _header = CsvHeader.Read(_rows, name);
        _grammars = [.. spec.Fields.Select(field => new FieldGrammar(field))];
        _columnOfField = [.. spec.Fields.Select(FindColumn)];
    }

    public long Line => _rows.Line;

    public int PendingBytes => _rows.PendingBytes;

    public bool MoveNext() => _rows.Read();

    public bool TryDecode(in RecordOrigin origin, RecordBatch batch, out DecodeError error)
    {
        if (!_header.Fits(_rows))
        {
            error = new DecodeError(DecodeReasons.Malformed, null, _header.Misfit(_rows));
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
        var grammar = _grammars[field];
        if (!FeatureSpec.IsNumber(grammar.Kind))
            return TryDecodeText(grammar, field, cell, batch, row, out error);

        switch (grammar.TryRead(cell, out var value))
        {
            case ValueStatus.Fine:
                batch.SetNumber(field, row, value);
                return true;
            case ValueStatus.Missing:
                return IsOptional(field, cell, out error);
            case var status:
                var reason = status == ValueStatus.NotFinite ? DecodeReasons.NotFinite : DecodeReasons.WrongType;
                error = Fail(reason, field, $"expected {grammar.Expectation}, found {ValueExcerpt.Of(cell)}");
                return false;
        }
    }

    private bool TryDecodeText(FieldGrammar grammar, int field, ReadOnlySpan<byte> cell, RecordBatch batch, int row, out DecodeError error)
    {
        error = default;
        if (!Utf8.IsValid(cell))
        {
            error = Fail(DecodeReasons.InvalidUtf8, field, CsvHeader.InvalidUtf8(cell));
            return false;
        }

        if (!grammar.TryReadText(cell, out var text) || text.IsEmpty)
            return IsOptional(field, cell, out error);
        batch.SetText(field, row, text);
        return true;
    }

    private bool IsOptional(int field, ReadOnlySpan<byte> cell, out DecodeError error)
    {
        error = default;
        if (!_spec.Fields[field].IsRequired)
            return true;
        var found = Blanks.Trim(cell).IsEmpty ? "the cell is empty" : $"{ValueExcerpt.Of(cell)} is declared as missing";
        error = Fail(DecodeReasons.MissingField, field, $"a value is required, and {found}");
        return false;
    }

    private DecodeError Fail(string reason, int field, string finding) =>
        new(reason, _spec.Fields[field].Name, $"{_name} line {Line} column '{_header.Columns[_columnOfField[field]]}': {finding}");

    private int FindColumn(FieldSpec field)
    {
        if (!FeatureSpec.IsRead(field))
            return NoColumn;
        var column = _header.Find(field.EffectivePath);
        // Data to be scored has no label as a rule, and what only passes through to alerts is not needed either.
        if (column < 0 && (field.Kind is not (FieldKind.Label or FieldKind.Ignore) || field.IsRequired))
        {
            throw new RecordFileException(
                $"{_name}: has no column '{field.EffectivePath}' for field '{field.Name}'; its columns are {_header.Names}.");
        }

        return column;
    }
}
