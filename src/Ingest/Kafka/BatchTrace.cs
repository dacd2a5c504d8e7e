using System.Diagnostics;
using System.Text;
using AEAnomaly.Ingest.Native;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>
/// Traces a batch: one span for reading it and one for scoring it, since a span a record would cost more than scoring; and a span for each alert, which goes on with
/// the trace that its record brought along (W3C, header <c>traceparent</c>) and hands it on in the same header. Without a listener it does nothing.
/// </summary>
/// <param name="route">Topics.</param>
internal sealed unsafe class BatchTrace(DetectorRoute route)
{
    private const string ParentHeader = "traceparent";
    private const string StateHeader = "tracestate";

    private readonly string _consumeName = "consume " + string.Join(',', route.Topics);
    private Activity? _consume;
    private Activity? _score;
    private ActivityContext _scored;

    /// <summary>Begins with the messages of a batch, or goes on with those that it grows by.</summary>
    public void BeginConsume()
    {
        if (_consume is null && IngestTraces.Source.HasListeners())
            _consume = Start(_consumeName, ActivityKind.Consumer, default, default);
    }

    /// <summary>Begins to score.</summary>
    public void BeginScore(int records)
    {
        if (_consume is null)
            return;
        _score = Start("score " + route.Name, ActivityKind.Internal, _consume.Context, default);
        _score?.SetTag("messaging.batch.message_count", records);
    }

    /// <summary>Ends scoring.</summary>
    public void EndScore()
    {
        _scored = (_score ?? _consume)?.Context ?? default;
        _score?.Stop();
        _score = null;
    }

    /// <summary>Ends with the batch.</summary>
    public void EndConsume()
    {
        _consume?.Stop();
        _consume = null;
        _scored = default;
    }

    /// <summary>Begins the span of an alert, which ends with its acknowledgement, and names it in the alert's headers.</summary>
    /// <param name="alert">Alert.</param>
    /// <param name="record">Message of its record, or 0.</param>
    public void Alert(OutboundMessage alert, nint record)
    {
        if (!IngestTraces.Source.HasListeners())
            return;

        var (parent, state) = record == 0 ? (null, null) : Read((NativeMessage*)record);
        var isRemote = ActivityContext.TryParse(parent, state, isRemote: true, out var context);
        // The record's trace goes on; the batch, which serves many, is a link.
        var span = isRemote ? Start("alert " + alert.Topic, ActivityKind.Producer, context, _scored) : Start("alert " + alert.Topic, ActivityKind.Producer, _scored, default);
        span?.SetTag("messaging.destination.name", alert.Topic);
        alert.Span = span;
        if ((span?.Id ?? (isRemote ? parent : null)) is not { } given)
            return;
        alert.Headers!.Add(ParentHeader, Encoding.ASCII.GetBytes(given));
        if (!string.IsNullOrEmpty(state))
            alert.Headers.Add(StateHeader, Encoding.ASCII.GetBytes(state));
    }

    private Activity? Start(string name, ActivityKind kind, ActivityContext parent, ActivityContext link)
    {
        // Spans of this thread overlap, so none is the current one of what comes next.
        var current = Activity.Current;
        Activity.Current = null;
        var span = IngestTraces.Source.StartActivity(
            name, kind, parent, links: link == default ? null : [new ActivityLink(link)],
            tags: [new("messaging.system", "kafka"), new("aeanomaly.detector", route.Name)]);
        Activity.Current = current;
        return span;
    }

    private static (string? Parent, string? State) Read(NativeMessage* record)
    {
        nint headers;
        if (Librdkafka.MessageHeaders(record, &headers) != 0)
            return default;

        string? parent = null, state = null;
        byte* name;
        byte* value;
        nuint size;
        for (nuint i = 0; Librdkafka.HeaderGetAll(headers, i, &name, &value, &size) == 0; i++)
        {
            // The specification allows 512 characters.
            if (value == null || size > 512)
                continue;
            var text = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
            if (text.SequenceEqual("traceparent"u8))
                parent = Encoding.ASCII.GetString(value, (int)size);
            else if (text.SequenceEqual("tracestate"u8))
                state = Encoding.ASCII.GetString(value, (int)size);
        }

        return (parent, state);
    }
}
