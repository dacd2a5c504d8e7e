using System.Diagnostics;

namespace AEAnomaly.Host.Demo;

/// <summary>Keeps the truth about what was produced, and holds the alerts against it. Thread-safe.</summary>
internal sealed class DemoLedger
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _payments = [];
    private readonly HashSet<string> _alertIds = new(StringComparer.Ordinal);
    private readonly List<double> _latenciesMs = [];
    private long _damaged;
    private long _scoringFrom = long.MaxValue;

    /// <summary>Gets the messages produced so far, damaged ones included.</summary>
    public long Produced
    {
        get
        {
            lock (_gate)
                return _payments.Count + _damaged;
        }
    }

    /// <summary>Gets the damaged messages produced so far.</summary>
    public long Damaged
    {
        get
        {
            lock (_gate)
                return _damaged;
        }
    }

    /// <summary>Gets the distinct alerts read back so far.</summary>
    public long AlertsReadBack
    {
        get
        {
            lock (_gate)
                return _alertIds.Count;
        }
    }

    /// <summary>Notes that a payment goes out now.</summary>
    public void NotePayment(Payment payment)
    {
        lock (_gate)
        {
            Debug.Assert(payment.Sequence == _payments.Count, "payments are noted in order");
            _payments.Add(new Entry(Stopwatch.GetTimestamp(), payment.Scenario));
        }
    }

    /// <summary>Notes that a damaged message goes out.</summary>
    public void NoteDamaged()
    {
        lock (_gate)
            _damaged++;
    }

    /// <summary>Notes that the first model scores from now on; latencies count for payments produced after.</summary>
    public void NoteScoring()
    {
        lock (_gate)
            _scoringFrom = Stopwatch.GetTimestamp();
    }

    /// <summary>Notes an alert read back from its topic.</summary>
    /// <param name="id">The alert's id; a repeated one counts once.</param>
    /// <param name="sequence">Sequence number of the payment it is about, or null for a close notice.</param>
    /// <returns>False when the id was seen before.</returns>
    public bool NoteAlert(string id, long? sequence)
    {
        lock (_gate)
        {
            if (!_alertIds.Add(id))
                return false;

            if (sequence is { } number && number < _payments.Count)
            {
                var payment = _payments[(int)number];
                payment.Flagged = true;
                if (payment.ProducedAt > _scoringFrom)
                    _latenciesMs.Add(Stopwatch.GetElapsedTime(payment.ProducedAt).TotalMilliseconds);
            }

            return true;
        }
    }

    /// <summary>Measures precision, recall and latency over everything noted.</summary>
    public (double Precision, double Recall, double P50Ms, double P99Ms, IReadOnlyList<ScenarioOutcome> Scenarios) Measure()
    {
        lock (_gate)
        {
            var flagged = _payments.Count(p => p.Flagged);
            var frauds = _payments.Count(p => p.Scenario != FraudScenario.None);
            var found = _payments.Count(p => p.Flagged && p.Scenario != FraudScenario.None);
            var scenarios = _payments.Where(p => p.Scenario != FraudScenario.None)
                .GroupBy(p => p.Scenario)
                .OrderBy(g => g.Key)
                .Select(g => new ScenarioOutcome(g.Key.ToString(), g.Count(), g.Count(p => p.Flagged)));
            _latenciesMs.Sort();
            return (Share(found, flagged), Share(found, frauds), Percentile(0.5), Percentile(0.99), [.. scenarios]);
        }
    }

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    private double Percentile(double share) =>
        _latenciesMs.Count == 0 ? 0 : _latenciesMs[Math.Min(_latenciesMs.Count - 1, (int)Math.Ceiling(share * _latenciesMs.Count) - 1)];

    private sealed class Entry(long producedAt, FraudScenario scenario)
    {
        public long ProducedAt => producedAt;

        public FraudScenario Scenario => scenario;

        public bool Flagged { get; set; }
    }
}
