using System.Globalization;
using System.Text.Json;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Holds what the body of an alert that was published before tells of its episode.</summary>
/// <param name="Subject">Whom it is about.</param>
/// <param name="EpisodeId">Episode.</param>
/// <param name="Sequence">Its number within the episode.</param>
/// <param name="StartedSeconds">Event time of the anomaly that opened the episode; NaN where it is not known.</param>
/// <param name="Member">The anomaly; null for one that says that the episode ended.</param>
internal sealed record PublishedAlert(AlertSubject Subject, string EpisodeId, int Sequence, double StartedSeconds, EpisodeMember? Member)
{
    /// <summary>Reads a body as <see cref="AlertWriter"/> writes it.</summary>
    /// <returns>Null for anything else: another detector's alert, a message of another program or version.</returns>
    public static PublishedAlert? Read(ReadOnlyMemory<byte> body, string detector, AlertSubjects subjects)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var alert = document.RootElement;
            return alert.GetProperty("detector").GetString() == detector ? Read(alert, subjects) : null;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or OverflowException)
        {
            // The topic may hold what others wrote; an episode that it does not tell of begins anew.
            return null;
        }
    }

    private static PublishedAlert Read(JsonElement alert, AlertSubjects subjects)
    {
        var episode = alert.GetProperty("episode");
        return new PublishedAlert(
            SubjectOf(alert, subjects),
            Text(episode, "id"),
            episode.GetProperty("sequence").GetInt32(),
            SecondsOf(episode, "started_at"),
            Text(alert, "action") == "close" ? null : MemberOf(alert));
    }

    private static AlertSubject SubjectOf(JsonElement alert, AlertSubjects subjects)
    {
        var entity = alert.GetProperty("entity");
        var dedupKey = Text(alert, "dedup_key");
        return entity.ValueKind == JsonValueKind.Null
            ? subjects.Restore(null, null, false, null, dedupKey)
            : subjects.Restore(Text(entity, "field"), Text(entity, "value"), entity.GetProperty("masked").GetBoolean(), entity.GetProperty("pseudonym").GetString(), dedupKey);
    }

    private static EpisodeMember MemberOf(JsonElement alert)
    {
        var evidence = alert.GetProperty("evidence");
        var original = PlaceOf(evidence);
        var isCopy = evidence.TryGetProperty("copy", out var copy);
        var read = isCopy ? PlaceOf(copy) : original;
        var origin = new RecordOrigin(read.Topic, read.Partition, read.Offset, TimeOf(alert, "ingest_time")?.ToUnixTimeMilliseconds() ?? -1, read.TopicId)
        {
            Original = isCopy ? original : null,
        };
        return new EpisodeMember(
            origin,
            GroupingSecondsOf(alert),
            Text(alert, "id"),
            Text(alert.GetProperty("model"), "version"),
            alert.GetProperty("ratio").GetDouble(),
            Enum.Parse<Severity>(Text(alert, "severity"), ignoreCase: true));
    }

    private static RecordPlace PlaceOf(JsonElement parent) => new(
        Text(parent, "topic"),
        parent.GetProperty("partition").GetInt32(),
        parent.GetProperty("offset").GetInt64(),
        parent.TryGetProperty("topic_id", out var id) ? id.GetString() : null);

    // As the tracker counts: a record that is dated later than it was scored, or not at all, counts as of then.
    private static double GroupingSecondsOf(JsonElement alert)
    {
        var scored = SecondsOf(alert, "scored_time");
        var happened = SecondsOf(alert, "event_time");
        return happened <= scored ? happened : scored;
    }

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    private static double SecondsOf(JsonElement parent, string name) =>
        TimeOf(parent, name) is { } time ? (double)(time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerSecond : double.NaN;

    private static DateTimeOffset? TimeOf(JsonElement parent, string name) => parent.GetProperty(name).GetString() is { } text
        ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
        : null;
}
