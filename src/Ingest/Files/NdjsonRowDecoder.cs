using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Decodes JSON objects, exactly as messages are decoded.</summary>
internal sealed class NdjsonRowDecoder(FeatureSpec spec, JsonDecoderOptions limits, InputBuffer input, string name, string lineWord) : IRowDecoder
{
    private readonly JsonValueReader _values = new(input);
    private readonly JsonRecordDecoder _decoder = new(spec, limits);

    public long Line => _values.Line;

    public int PendingBytes => _values.PendingBytes;

    public bool MoveNext() => _values.Read();

    public bool TryDecode(in RecordOrigin origin, RecordBatch batch, out DecodeError error)
    {
        if (_decoder.TryDecode(_values.Text, in origin, batch, out error))
            return true;
        if (!error.IsDeletion)
            error = error with { Message = $"{name} {lineWord} {Line}: {error.Message}" };
        return false;
    }
}
