using System.Runtime.InteropServices;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds the alerts of a batch until the whole batch is processed, so that a failed attempt publishes nothing.</summary>
internal sealed class AlertStage(DetectorRoute route) : IAlertSink
{
    private readonly List<(int Row, OutboundMessage Message)> _messages = [];
    private readonly List<(int Row, Exception Reason)> _refused = [];
    private readonly List<(int Row, RecordScore Score)> _scores = [];
    private (int Row, int Messages, int Scores, int Refused) _begun;

    /// <summary>Gets how the records were judged, by their rows in the whole batch.</summary>
    public IReadOnlyList<(int Row, RecordScore Score)> Scores => _scores;

    public bool WantsScores => route.ScoresTopic is not null;

    /// <summary>Gets the records that cannot be judged, or told of, by their rows in the whole batch.</summary>
    public IReadOnlyList<(int Row, Exception Reason)> Refused => _refused;

    public void Publish(AlertMessage alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var headers = new Headers();
        foreach (var (name, value) in alert.Headers)
            headers.Add(name, System.Text.Encoding.UTF8.GetBytes(value));
        var message = new OutboundMessage(
            route.AlertTopic, alert.Key.IsEmpty ? null : ArrayOf(alert.Key), ArrayOf(alert.Value), headers, OutboundKind.Alert, null);
        _messages.Add((alert.Row < 0 ? alert.Row : _begun.Row + alert.Row, message));
    }

    public void Score(int row, in RecordScore score) => _scores.Add((_begun.Row + row, score));

    public void Refuse(int row, Exception reason) => _refused.Add((_begun.Row + row, reason));

    /// <summary>Says that what comes next belongs to a part of the batch.</summary>
    /// <param name="row">Its first row.</param>
    public void Begin(int row) => _begun = (row, _messages.Count, _scores.Count, _refused.Count);

    /// <summary>Takes back what came since <see cref="Begin"/>.</summary>
    public void Rewind()
    {
        _messages.RemoveRange(_begun.Messages, _messages.Count - _begun.Messages);
        _scores.RemoveRange(_begun.Scores, _scores.Count - _begun.Scores);
        _refused.RemoveRange(_begun.Refused, _refused.Count - _begun.Refused);
    }

    public void Clear()
    {
        _messages.Clear();
        _scores.Clear();
        _refused.Clear();
        _begun = default;
    }

    /// <summary>Hands the alerts over.</summary>
    /// <param name="outbox">Publishes them.</param>
    /// <param name="trace">Goes on with the traces of their records.</param>
    /// <param name="records">Messages of the batch's records, by row.</param>
    /// <param name="origins">Where the records came from, by row.</param>
    public void MoveTo(Outbox outbox, BatchTrace trace, ReadOnlySpan<nint> records, ReadOnlySpan<RecordOrigin> origins)
    {
        foreach (var (row, message) in _messages)
        {
            message.Origin = row < 0 ? null : origins[row];
            trace.Alert(message, row < 0 ? 0 : records[row]);
            outbox.Enqueue(message);
        }

        _messages.Clear();
    }

    // The client takes whole arrays, and what an alert is in is one already.
    private static byte[] ArrayOf(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetArray(memory, out var part) && part is { Offset: 0, Array: { } whole } && part.Count == whole.Length ? whole : memory.ToArray();
}
