using System.Text.Json;
using AEAnomaly.Detection.Alerts;

namespace AEAnomaly.Host.Page;

/// <summary>Keeps the latest alerts of all detectors for those who look: so many of each detector and severity, so that a flood of weak ones does not push out the grave ones. Thread-safe.</summary>
internal sealed class AlertShelf
{
    /// <summary>Alerts kept of one detector and one severity.</summary>
    public const int KeptOfEach = 50;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Detector, Severity Severity), Queue<KeptAlert>> _kept = [];
    private long _sequence;

    /// <summary>Keeps an alert about a record; the notice that an episode ended is passed over.</summary>
    /// <param name="detector">Name of the detector.</param>
    /// <param name="body">The alert's JSON; it must not change any more.</param>
    public void Add(string detector, ReadOnlyMemory<byte> body)
    {
        if (SeverityOf(body.Span) is not { } severity)
            return;

        lock (_gate)
        {
            if (!_kept.TryGetValue((detector, severity), out var alerts))
                _kept.Add((detector, severity), alerts = new Queue<KeptAlert>(KeptOfEach));
            if (alerts.Count == KeptOfEach)
                alerts.Dequeue();
            alerts.Enqueue(new KeptAlert(++_sequence, severity, body));
        }
    }

    /// <summary>Takes what came after an alert.</summary>
    /// <param name="sequence">Number of the last alert seen, or 0.</param>
    /// <param name="most">Alerts taken at most: the grave ones first, and the latest of those.</param>
    /// <returns>The alerts, the oldest first; the number of the latest one there is; how many that came are not among them.</returns>
    public (IReadOnlyList<KeptAlert> Alerts, long Latest, long Omitted) After(long sequence, int most)
    {
        lock (_gate)
        {
            if (_sequence == sequence)
                return ([], sequence, 0);

            KeptAlert[] taken =
            [
                .. _kept.Values.SelectMany(alerts => alerts.Where(alert => alert.Sequence > sequence))
                    .OrderByDescending(alert => alert.Severity).ThenByDescending(alert => alert.Sequence)
                    .Take(most)
                    .OrderBy(alert => alert.Sequence),
            ];
            return (taken, _sequence, _sequence - sequence - taken.Length);
        }
    }

    private static Severity? SeverityOf(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isSeverity = json.ValueTextEquals("severity"u8);
            json.Read();
            if (isSeverity)
                return Enum.Parse<Severity>(json.GetString()!, ignoreCase: true);
            json.Skip();
        }

        return null;
    }
}
