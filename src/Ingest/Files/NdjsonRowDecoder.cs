using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Formats;

namespace AEAnomaly.Ingest.Files;

/// <summary>Decodes one JSON object a line, exactly as messages are decoded.</summary>
internal sealed class NdjsonRowDecoder(FeatureSpec spec, JsonDecoderOptions limits, InputBuffer input, string name) : IRowDecoder
{
    private readonly NdjsonLineReader _lines = new(input);
    private readonly JsonRecordDecoder _decoder = new(spec, limits);

    public long Line => _lines.Line;

    public int PendingBytes => _lines.PendingBytes;

    public bool MoveNext() => _lines.Read();

    public bool TryDecode(in RecordOrigin origin, RecordBatch batch, out DecodeError error)
    {
        if (_decoder.TryDecode(_lines.Text, in origin, batch, out error))
            return true;
        error = error with { Message = $"{name} line {Line}: {error.Message}" };
        return false;
    }
}
