using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Decodes messages that are one JSON object each (RFC 8259, strictly).</summary>
/// <remarks>
/// <para>
/// A field is found at its dotted path in nested objects, or under a property whose name is the whole path, dots included; a message that has both is refused
/// as a duplicate. Null or absent is missing; so is an empty text of a key, a number, a boolean or a time, and what a field declares to mean "no value".
/// </para>
/// <para>
/// How a value is read is its field's to say (<see cref="FieldGrammar"/>). Numeric: a number, or a text that reads as one. Boolean: true or false, 0 or 1, or a text that reads so.
/// Timestamp: a written time (UTC unless it has an offset or its field a time zone) or Unix time as number or text, by magnitude: below 1e11 seconds, below 1e14 milliseconds, below
/// 1e17 microseconds, else nanoseconds. Categorical, key, label and passed-through fields: a text, a number or a boolean; 5411.0 is the category 5411. NaN, infinities and numbers
/// beyond the range of a double are bad input.
/// </para>
/// <para>A change event whose "after" is null, where fields are declared inside it, is no bad input: <see cref="DecodeError.Deletion"/>.</para>
/// <para>Allocates nothing for a good message once its buffers are warm. Not thread-safe.</para>
/// </remarks>
public sealed class JsonRecordDecoder : IRecordDecoder
{
    private readonly JsonDecoderOptions _limits;
    private readonly JsonObjectReader _reader;
    private readonly JsonTemplates? _templates;

    /// <summary>Creates a decoder.</summary>
    /// <param name="spec">Declared fields; batches must have the same.</param>
    /// <param name="limits">Bounds of a message.</param>
    public JsonRecordDecoder(FeatureSpec spec, JsonDecoderOptions limits)
        : this(spec, limits, usesTemplates: true)
    {
    }

    /// <summary>Creates a decoder that may read every message by the reader alone, for comparison.</summary>
    internal JsonRecordDecoder(FeatureSpec spec, JsonDecoderOptions limits, bool usesTemplates)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
        _reader = new JsonObjectReader(spec, limits);
        _templates = usesTemplates ? new JsonTemplates(spec, limits, _reader) : null;
    }

    /// <inheritdoc/>
    public bool TryDecode(ReadOnlySpan<byte> payload, in RecordOrigin origin, RecordBatch batch, out DecodeError decodeError)
    {
        ArgumentNullException.ThrowIfNull(batch);
        payload = JsonPayload.WithoutMark(payload);
        if (!JsonPayload.IsAcceptable(payload, _limits, out decodeError))
            return false;

        if (_templates is not null && _templates.TryRead(payload, in origin, batch))
            return true;

        var row = batch.Append(in origin);
        if (_reader.TryRead(payload, batch, row, out decodeError))
        {
            _templates?.Learn(payload);
            return true;
        }

        batch.RemoveLast();
        return false;
    }
}
