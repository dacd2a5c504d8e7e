using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Holds consecutive anomalies of one dedup key.</summary>
internal sealed class Episode
{
    // Enough for what one batch redelivers of one entity; more would make memory depend on how long an entity misbehaves.
    private const int MostRemembered = 32;

    // The objects of an episode, its places in lists and dictionaries, the ids of its alerts.
    private const int Overhead = 800;
    private const int RememberedBytes = 64;

    private readonly List<(RecordOrigin Origin, int Sequence)> _remembered = new(1);
    private int _oldest;

    public Episode(string detector, AlertSubject subject, in EpisodeMember first, bool isLate)
    {
        IsLate = isLate;
        ByArrival = new LinkedListNode<Episode>(this);
        Subject = subject;
        Id = Fingerprint.Of(["episode", detector, subject.DedupKey, .. Fingerprint.PartsOf(first.Origin)]);
        StartedSeconds = first.Seconds;
        FirstSeconds = first.Seconds;
        LastSeconds = first.Seconds;
        LastAlertId = first.AlertId;
        LastModelVersion = first.ModelVersion;
        FirstOrigin = first.Origin;
        Add(first);
    }

    /// <summary>Goes on with an episode that was opened before, by the first that is known of it.</summary>
    public Episode(PublishedAlert known, in EpisodeMember member)
    {
        ByArrival = new LinkedListNode<Episode>(this);
        Subject = known.Subject;
        Id = known.EpisodeId;
        StartedSeconds = known.StartedSeconds;
        FirstSeconds = double.IsNaN(known.StartedSeconds) ? member.Seconds : known.StartedSeconds;
        LastSeconds = FirstSeconds;
        LastAlertId = member.AlertId;
        LastModelVersion = member.ModelVersion;
        FirstOrigin = known.Sequence == 1 ? member.Origin : new RecordOrigin("", 0, -1, -1);
        Records = known.Sequence - 1;
        Add(member);
    }

    public AlertSubject Subject { get; }

    /// <summary>Gets the id: a function of the detector, the dedup key and the record that opened it.</summary>
    public string Id { get; }

    public RecordOrigin FirstOrigin { get; }

    public RecordOrigin LastOrigin { get; private set; }

    /// <summary>Gets the event time of the record that opened it.</summary>
    public double StartedSeconds { get; }

    /// <summary>Gets about how many bytes it takes.</summary>
    public int SizeBytes => Overhead + (RememberedBytes * _remembered.Count) + Subject.MessageKey.Length
        + (sizeof(char) * (Subject.DedupKey.Length + (Subject.Shown?.Length ?? 0) + (Subject.Pseudonym?.Length ?? 0)));

    public double FirstSeconds { get; private set; }

    public double LastSeconds { get; private set; }

    public int Records { get; private set; }

    public double MaxRatio { get; private set; }

    public Severity MaxSeverity { get; private set; }

    public string LastAlertId { get; private set; }

    public string LastModelVersion { get; private set; }

    /// <summary>Gets whether an episode of a later time was open already when it began.</summary>
    public bool IsLate { get; }

    /// <summary>Gets or sets when its last anomaly arrived here, as a timestamp of the clock.</summary>
    public long ArrivedAt { get; set; }

    /// <summary>Gets or sets how many anomalies of its key in a row were of later times, since its last one.</summary>
    public int PassedBy { get; set; }

    /// <summary>Gets its place among all open episodes, in the order of <see cref="ArrivedAt"/>.</summary>
    public LinkedListNode<Episode> ByArrival { get; }

    /// <summary>Adds an anomaly.</summary>
    /// <returns>Its sequence number, from 1.</returns>
    public int Add(in EpisodeMember member)
    {
        Records++;
        FirstSeconds = Math.Min(FirstSeconds, member.Seconds);
        LastSeconds = Math.Max(LastSeconds, member.Seconds);
        MaxRatio = Math.Max(MaxRatio, member.Ratio);
        MaxSeverity = (Severity)Math.Max((int)MaxSeverity, (int)member.Severity);
        LastAlertId = member.AlertId;
        LastModelVersion = member.ModelVersion;
        LastOrigin = member.Origin;
        if (_remembered.Count < MostRemembered)
        {
            _remembered.Add((member.Origin, Records));
        }
        else
        {
            _remembered[_oldest] = (member.Origin, Records);
            _oldest = (_oldest + 1) % MostRemembered;
        }

        return Records;
    }

    /// <summary>Finds the sequence number a record has already been given; 0 when it is new.</summary>
    public int SequenceOf(in RecordOrigin origin)
    {
        if (Same(origin, FirstOrigin))
            return 1;
        foreach (var (known, sequence) in _remembered)
        {
            if (Same(origin, known))
                return sequence;
        }

        return 0;
    }

    // The time too: in a topic that was deleted and created anew another record lies at the same offset. Two copies of a record are the same.
    private static bool Same(in RecordOrigin a, in RecordOrigin b) =>
        a.Original is { } original ? original == b.Original && a.TimestampMs == b.TimestampMs : a == b;
}
