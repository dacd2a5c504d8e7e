using System.Text.Json.Nodes;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>Keeps what is published.</summary>
internal sealed class RecordingSink : IAlertSink
{
    public List<AlertMessage> Messages { get; } = [];

    public List<(int Row, Exception Reason)> Refused { get; } = [];

    /// <summary>Gets or sets how many more alerts it takes before it fails; null for all.</summary>
    public int? Room { get; set; }

    public IReadOnlyList<JsonObject> Bodies => [.. Messages.Select(message => JsonNode.Parse(message.Value.Span)!.AsObject())];

    public void Publish(AlertMessage alert)
    {
        if (Room == 0)
            throw new IOException("the output is full");
        Room--;
        Messages.Add(alert);
    }

    public bool WantsScores { get; set; }

    public List<(int Row, RecordScore Score)> Scores { get; } = [];

    public void Score(int row, in RecordScore score) => Scores.Add((row, score));

    public void Refuse(int row, Exception reason) => Refused.Add((row, reason));
}
