using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Decodes one JSON object by <see cref="Utf8JsonReader"/>: the reference for what a message means, and the only place that names errors.</summary>
internal sealed class JsonObjectReader
{
    private const int NoField = -1;

    private readonly FeatureSpec _spec;
    private readonly JsonDecoderOptions _limits;
    private readonly JsonReaderOptions _readerOptions;
    private readonly JsonPathTable _paths;
    private readonly int[] _nextOfSamePath;
    private readonly FieldGrammar[] _grammars;
    private readonly bool[] _isOnlyNumeric;
    private readonly int[] _requiredFields;
    private readonly long[] _seenInRecord;
    private byte[] _unescaped = new byte[256];
    private long _record;
    private int _currentField;
    private bool _isDeletion;
    private DecodeError _error;

    public JsonObjectReader(FeatureSpec spec, JsonDecoderOptions limits)
    {
        _spec = spec;
        _limits = limits;
        _readerOptions = new JsonReaderOptions { MaxDepth = limits.MaxDepth };
        _paths = JsonPathTable.Build(spec, out _nextOfSamePath);
        _grammars = [.. spec.Fields.Select(field => new FieldGrammar(field))];
        _isOnlyNumeric = [.. _grammars.Select((grammar, i) => grammar is { Kind: FieldKind.Numeric, TakesAnyNumber: true } && _nextOfSamePath[i] < 0)];
        _requiredFields = [.. Enumerable.Range(0, spec.Fields.Count).Where(i => spec.Fields[i].IsRequired && FeatureSpec.IsRead(spec.Fields[i]))];
        _seenInRecord = new long[spec.Fields.Count];
    }

    /// <summary>Gets what is declared at the record's own level.</summary>
    public JsonPathTable Paths => _paths;

    /// <summary>Gets, for each field, the next one read from the same path, or -1.</summary>
    public ReadOnlySpan<int> NextOfSamePath => _nextOfSamePath;

    /// <summary>Gets how each field's values are read.</summary>
    public FieldGrammar[] Grammars => _grammars;

    /// <summary>Reads a message into a row whose fields are all missing.</summary>
    /// <param name="payload">Valid UTF-8.</param>
    /// <param name="batch">Receives the values.</param>
    /// <param name="row">The row.</param>
    /// <param name="decodeError">Says what is wrong when the result is false; the row is then half filled.</param>
    public bool TryRead(ReadOnlySpan<byte> payload, RecordBatch batch, int row, out DecodeError decodeError)
    {
        _record++;
        _currentField = NoField;
        _error = default;
        _isDeletion = false;
        bool isGood;
        try
        {
            var reader = new Utf8JsonReader(payload, _readerOptions);
            isGood = ReadRecord(ref reader, payload, batch, row);
        }
        catch (JsonException exception)
        {
            var field = _currentField == NoField ? null : _spec.Fields[_currentField].Name;
            _error = JsonSyntaxError.Explain(payload, exception, _limits.MaxDepth, field);
            isGood = false;
        }

        decodeError = _error;
        return isGood;
    }

    private bool ReadRecord(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, RecordBatch batch, int row)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            _error = JsonPayload.NoObject(payload);
            return false;
        }

        if (!ReadObject(ref reader, payload, _paths, batch, row))
            return false;

        reader.Read();
        if (_isDeletion)
        {
            _error = DecodeError.Deletion;
            return false;
        }

        foreach (var field in _requiredFields)
        {
            if (batch.IsMissing(field, row))
            {
                var name = _spec.Fields[field].Name;
                var found = _seenInRecord[FirstOfSamePath(field)] == _record ? "it is null or empty" : "it is absent";
                _error = new DecodeError(
                    DecodeReasons.MissingField, name, $"Field '{name}' (path '{_spec.Fields[field].EffectivePath}') is required, and {found}");
                return false;
            }
        }

        return true;
    }

    private bool ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, JsonPathTable paths, RecordBatch batch, int row)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var entry = FindEntry(ref reader, paths);
            if (entry is null)
            {
                reader.Read();
                reader.Skip();
                continue;
            }

            _currentField = entry.AnyField;
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject when entry.Nested is { } nested:
                    if (!ReadObject(ref reader, payload, nested, batch, row))
                        return false;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    return FailType(payload, in reader, entry.AnyField, entry.Field >= 0 ? null : "an object");
                case JsonTokenType.Null when entry.Field < 0:
                    // A change event (Debezium's envelope) without a row after the change.
                    _isDeletion |= entry.Name.AsSpan().SequenceEqual("after"u8);
                    break;
                default:
                    if (entry.Field < 0)
                        return FailType(payload, in reader, entry.AnyField, "an object");
                    if (!ReadScalar(ref reader, payload, entry.Field, batch, row))
                        return false;
                    break;
            }

            _currentField = NoField;
        }

        return true;
    }

    private JsonPathTable.Entry? FindEntry(ref Utf8JsonReader reader, JsonPathTable paths)
    {
        if (!reader.ValueIsEscaped)
            return paths.Find(reader.ValueSpan);

        // A name with half a surrogate pair is no declared name: those are valid UTF-8.
        return TryUnescape(reader.ValueSpan, out var name) ? paths.Find(name) : null;
    }

    private bool ReadScalar(ref Utf8JsonReader reader, ReadOnlySpan<byte> payload, int firstField, RecordBatch batch, int row)
    {
        if (_seenInRecord[firstField] == _record)
            return Fail(payload, in reader, DecodeReasons.DuplicateField, firstField, "the field is given a second time, as");
        _seenInRecord[firstField] = _record;
        if (reader.TokenType == JsonTokenType.Null)
            return true;
        if (reader.TokenType == JsonTokenType.Number && _isOnlyNumeric[firstField] && NumberText.TryParse(reader.ValueSpan, out var number) == ValueStatus.Fine)
        {
            batch.SetNumber(firstField, row, number);
            return true;
        }

        var text = reader.ValueSpan;
        if (reader.ValueIsEscaped && !TryUnescape(text, out text))
            return Fail(payload, in reader, DecodeReasons.InvalidUtf8, firstField, "the text has half a surrogate pair:");

        for (var field = firstField; field >= 0; field = _nextOfSamePath[field])
        {
            var grammar = _grammars[field];
            var isNumber = reader.TokenType == JsonTokenType.Number;
            if (!FeatureSpec.IsNumber(grammar.Kind))
            {
                if (text.Length > _limits.MaxTextBytes)
                    return FailTextLength(payload, in reader, field, text.Length);
                if (isNumber ? grammar.TryReadNumberAsText(text, out var stored) : grammar.TryReadText(text, out stored))
                    batch.SetText(field, row, stored);
                continue;
            }

            if (reader.TokenType is JsonTokenType.True or JsonTokenType.False && grammar.Kind != FieldKind.Boolean)
                return FailType(payload, in reader, field, null);
            var status = isNumber ? grammar.TryReadNumber(text, out var value) : grammar.TryRead(text, out value);
            if (status == ValueStatus.Missing)
                continue;
            if (status == ValueStatus.WrongType)
                return FailType(payload, in reader, field, null);
            if (status == ValueStatus.NotFinite)
                return Fail(payload, in reader, DecodeReasons.NotFinite, field, $"expected {grammar.Expectation}, found");
            batch.SetNumber(field, row, value);
        }

        return true;
    }

    private bool TryUnescape(ReadOnlySpan<byte> escaped, out ReadOnlySpan<byte> text)
    {
        if (_unescaped.Length < escaped.Length)
            _unescaped = new byte[Math.Max(escaped.Length, _unescaped.Length * 2)];
        var isValid = JsonText.TryUnescape(escaped, _unescaped, out var length);
        text = _unescaped.AsSpan(0, length);
        return isValid;
    }

    private int FirstOfSamePath(int field)
    {
        for (var first = 0; first < field; first++)
        {
            for (var next = first; next >= 0; next = _nextOfSamePath[next])
            {
                if (next == field)
                    return first;
            }
        }

        return field;
    }

    private bool FailType(ReadOnlySpan<byte> payload, in Utf8JsonReader reader, int field, string? expected) =>
        Fail(payload, in reader, DecodeReasons.WrongType, field, $"expected {expected ?? _grammars[field].Expectation}, found");

    private bool FailTextLength(ReadOnlySpan<byte> payload, in Utf8JsonReader reader, int field, int length) =>
        Fail(payload, in reader, DecodeReasons.TooLarge, field, $"a text of {length} bytes is longer than the limit of {_limits.MaxTextBytes}:");

    private bool Fail(ReadOnlySpan<byte> payload, in Utf8JsonReader reader, string reason, int field, string finding)
    {
        var start = (int)reader.TokenStartIndex;
        // Of an object or array the reader knows only the beginning; the excerpt shows what follows.
        var end = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? payload.Length : (int)reader.BytesConsumed;
        var name = _spec.Fields[field].Name;
        _error = new DecodeError(reason, name, $"Field '{name}' at byte {start}: {finding} {ValueExcerpt.Of(payload[start..end])}");
        return false;
    }
}
