using AEAnomaly.Detection.Streaming;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Kafka;

/// <summary>Holds the alerts of a batch until the whole batch is processed, so that a failed attempt publishes nothing.</summary>
internal sealed class AlertStage(DetectorRoute route) : IAlertSink
{
    private readonly List<OutboundMessage> _messages = [];

    public void Publish(AlertMessage alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var headers = new Headers();
        foreach (var (name, value) in alert.Headers)
            headers.Add(name, System.Text.Encoding.UTF8.GetBytes(value));
        _messages.Add(new OutboundMessage(
            route.AlertTopic, alert.Key.IsEmpty ? null : alert.Key.ToArray(), alert.Value.ToArray(), headers, OutboundKind.Alert, null));
    }

    public void Clear() => _messages.Clear();

    public void MoveTo(Outbox outbox)
    {
        foreach (var message in _messages)
            outbox.Enqueue(message);
        _messages.Clear();
    }
}
