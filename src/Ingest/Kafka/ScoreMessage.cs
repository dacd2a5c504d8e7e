using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Native;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Writes how a record was judged, keyed as the record; docs/alerts.md describes it. One thread.</summary>
internal sealed unsafe class ScoreMessage(string topic, string detector) : IDisposable
{
    private readonly ArrayBufferWriter<byte> _body = new(256);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public OutboundMessage Create(NativeMessage* record, in RecordOrigin origin, in RecordScore score)
    {
        _body.ResetWrittenCount();
        _json.Reset(_body);
        _json.WriteStartObject();
        _json.WriteString("detector", detector);
        var place = origin.Place;
        _json.WriteString("topic", place.Topic);
        _json.WriteNumber("partition", place.Partition);
        _json.WriteNumber("offset", place.Offset);
        _json.WriteString("verdict", score.Verdict);
        WriteNumber("score", score.Score);
        WriteNumber("ratio", score.Ratio);
        _json.WriteString("model_version", score.ModelVersion);
        _json.WriteEndObject();
        _json.Flush();
        return new OutboundMessage(topic, MessageHeaders.KeyOf(record, origin), _body.WrittenSpan.ToArray(), null, OutboundKind.Score, null) { Origin = origin };
    }

    public void Dispose() => _json.Dispose();

    private void WriteNumber(string name, double? value)
    {
        if (value is { } known)
            _json.WriteNumber(name, known);
        else
            _json.WriteNull(name);
    }
}
