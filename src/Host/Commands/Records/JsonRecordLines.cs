using System.Buffers;
using System.Text;
using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Ingest.Files;

namespace AEAnomaly.Host.Commands.Records;

/// <summary>Writes one JSON object a line; a field lies where its path says, below "record" or, without findings, in the object itself.</summary>
internal sealed class JsonRecordLines : RecordLines
{
    private readonly TextWriter _output;
    private readonly FeatureSpec _spec;
    private readonly string? _name;
    private readonly JsonPathGroup _fields;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    /// <param name="output">Where lines go.</param>
    /// <param name="spec">Declared fields.</param>
    /// <param name="fields">Fields to write, by index.</param>
    /// <param name="name">Name of the object that holds the fields; null for the line itself.</param>
    public JsonRecordLines(TextWriter output, FeatureSpec spec, IReadOnlyList<int> fields, string? name = "record")
    {
        _output = output;
        _spec = spec;
        _name = name;
        _fields = JsonPathGroup.Of(fields.Select(field => (field, spec.Fields[field].EffectivePath)));
        _json = new Utf8JsonWriter(_line, JsonRows.Readable);
    }

    public override void Begin()
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
    }

    public override void Number(string name, double value)
    {
        if (value == Math.Floor(value) && Math.Abs(value) < 1e15)
            _json.WriteNumber(name, (long)value);
        else
            _json.WriteFinite(name, (float)value);
    }

    public override void Text(string name, string value) => _json.WriteString(name, value);

    public override void Texts(string name, IReadOnlyList<string> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteStringValue(value);
        _json.WriteEndArray();
    }

    public override void Vector(string name, ReadOnlySpan<float> values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
            _json.WriteNumberValue(float.IsFinite(value) ? value : MathF.CopySign(float.MaxValue, value));
        _json.WriteEndArray();
    }

    public override void Record(RecordBatch batch, int row)
    {
        if (_fields.Members.Count == 0)
            return;
        if (_name is not null)
            _json.WriteStartObject(_name);
        Write(_fields, batch, row);
        if (_name is not null)
            _json.WriteEndObject();
    }

    public override void Dispose() => _json.Dispose();

    public override void End()
    {
        _json.WriteEndObject();
        WriteLine();
    }

    public override void Error(in RowError error)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteError(error);
        WriteLine();
    }

    private void WriteLine()
    {
        _json.Flush();
        _output.WriteLine(Encoding.UTF8.GetString(_line.WrittenSpan));
    }

    private void Write(JsonPathGroup group, RecordBatch batch, int row)
    {
        foreach (var (key, member) in group.Members)
        {
            if (member.Field < 0)
            {
                _json.WriteStartObject(key);
                Write(member, batch, row);
                _json.WriteEndObject();
                continue;
            }

            var (field, kind) = (member.Field, _spec.Fields[member.Field].Kind);
            if (batch.IsMissing(field, row))
                _json.WriteNull(key);
            else if (kind == FieldKind.Numeric && !IsMasked(_spec.Fields[field]))
                _json.WriteNumber(key, batch.Numbers(field)[row]);
            else if (kind == FieldKind.Boolean && !IsMasked(_spec.Fields[field]))
                _json.WriteBoolean(key, batch.Numbers(field)[row] != 0);
            else
                _json.WriteString(key, Cell(batch, field, row));
        }
    }
}
