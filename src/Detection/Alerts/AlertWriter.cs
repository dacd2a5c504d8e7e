using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Detection.Alerts;

/// <summary>Writes alerts as CloudEvents 1.0 in Kafka binary mode; docs/alerts.md describes every field. Not for several threads at a time.</summary>
internal sealed class AlertWriter
{
    public const string AnomalyType = "aeanomaly.anomaly.detected.v1";
    public const string ClosedType = "aeanomaly.episode.closed.v1";

    /// <summary>How bodies are written.</summary>
    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly FeatureSpec _spec;
    private readonly string _detector;
    private readonly AlertOptions _options;
    private readonly double _lateSeconds;
    private readonly TimeProvider _time;

    // Of all alerts, one after another: memory that grew for each of them was a third of all that a detector left to the collector.
    private readonly ArrayBufferWriter<byte> _body = new(8192);

    public AlertWriter(FeatureSpec spec, string detector, AlertOptions options, TimeProvider time)
    {
        _spec = spec;
        _detector = detector;
        _options = options;
        _lateSeconds = options.EpisodeGap.TotalSeconds;
        _time = time;
    }

    /// <summary>Gives the id of a record's alert: the same whenever the same version scores the same record.</summary>
    public string IdOf(in RecordOrigin origin, string modelVersion) =>
        Fingerprint.Of(["alert", _detector, modelVersion, .. Fingerprint.PartsOf(origin)]);

    public AlertMessage Write(Anomaly anomaly)
    {
        _body.ResetWrittenCount();
        var origin = anomaly.Batch.Origins[anomaly.Row];
        var eventSeconds = EventTimes.Seconds(anomaly.Batch, anomaly.Row);
        using (var json = new Utf8JsonWriter(_body, Json))
        {
            json.WriteStartObject();
            json.WriteString("id", anomaly.Id);
            json.WriteString("dedup_key", anomaly.Subject.DedupKey);
            json.WriteString("action", ActionOf(anomaly.Position));
            WriteEpisode(json, anomaly.Position.Episode, anomaly.Position.Sequence);
            WriteTime(json, "event_time", EventTimes.FromSeconds(eventSeconds));
            WriteTime(json, "ingest_time", origin.Time);
            WriteTime(json, "scored_time", _time.GetUtcNow());
            json.WriteBoolean("late", origin.Seconds - eventSeconds > _lateSeconds);
            WriteSubject(json, anomaly.Subject);
            json.WriteNumber("score", anomaly.Grade.Score);
            json.WriteNumber("threshold", anomaly.Model.Threshold.Value);
            json.WriteNumber("ratio", anomaly.Grade.Ratio);
            json.WriteNumber("tail_probability", anomaly.Grade.TailProbability);
            json.WriteString("severity", NameOf(anomaly.Grade.Severity));
            json.WriteNumber("confidence", anomaly.Grade.Confidence);
            json.WriteString("sentence", anomaly.Explanation.Sentence);
            json.WriteString("baseline", anomaly.Explanation.Features is [var first, ..] ? first.Baseline : "population");
            WriteFeatures(json, anomaly.Explanation.Features);
            WriteModel(json, anomaly.Model);
            WriteEvidence(json, anomaly.Batch, anomaly.Row);
            WriteResponse(json, origin.Place, anomaly.Model.Version);
            WriteQuality(json, anomaly);
            json.WriteEndObject();
        }

        return Message(anomaly.Id, AnomalyType, EventTimes.FromSeconds(eventSeconds), anomaly.Subject) with { Row = anomaly.Row };
    }

    public AlertMessage WriteClosed(in EpisodeClosing closing)
    {
        var episode = closing.Episode;
        var id = Fingerprint.Of("close", episode.Id);
        _body.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_body, Json))
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("dedup_key", episode.Subject.DedupKey);
            json.WriteString("action", "close");
            WriteEpisode(json, episode, episode.Records + 1);
            json.WriteString("reason", closing.Reason);
            json.WriteNumber("records", episode.Records);
            WriteTime(json, "first_event_time", EventTimes.FromSeconds(episode.FirstSeconds));
            WriteTime(json, "last_event_time", EventTimes.FromSeconds(episode.LastSeconds));
            WriteTime(json, "scored_time", _time.GetUtcNow());
            WriteSubject(json, episode.Subject);
            json.WriteNumber("max_ratio", episode.MaxRatio);
            json.WriteString("max_severity", NameOf(episode.MaxSeverity));
            json.WriteString("last_alert_id", episode.LastAlertId);
            json.WriteString("last_model_version", episode.LastModelVersion);
            json.WriteEndObject();
        }

        return Message(id, ClosedType, EventTimes.FromSeconds(episode.LastSeconds), episode.Subject);
    }

    public static string ActionOf(in EpisodePosition position) => position.Sequence == 1 ? "open" : "update";

    public static string NameOf(Severity severity) => severity switch
    {
        Severity.Low => "low",
        Severity.Medium => "medium",
        Severity.High => "high",
        Severity.Critical => "critical",
        _ => throw new ArgumentOutOfRangeException(nameof(severity), severity, "Unknown severity."),
    };

    private AlertMessage Message(string id, string type, DateTimeOffset? time, AlertSubject subject)
    {
        var headers = new List<KeyValuePair<string, string>>(7)
        {
            new("ce_specversion", "1.0"),
            new("ce_id", id),
            new("ce_source", "/aeanomaly/detectors/" + Uri.EscapeDataString(_detector)),
            new("ce_type", type),
            new("ce_subject", subject.Identity ?? _detector),
            new("content-type", "application/json"),
        };
        if (time is { } known)
            headers.Add(new("ce_time", Rfc3339(known)));
        return new AlertMessage(subject.MessageKey, _body.WrittenSpan.ToArray(), headers);
    }

    private static void WriteEpisode(Utf8JsonWriter json, Episode episode, int sequence)
    {
        json.WriteStartObject("episode");
        json.WriteString("id", episode.Id);
        json.WriteNumber("sequence", sequence);
        WriteTime(json, "started_at", EventTimes.FromSeconds(episode.StartedSeconds));
        json.WriteEndObject();
    }

    private void WriteSubject(Utf8JsonWriter json, AlertSubject subject)
    {
        json.WriteString("tenant", _options.Tenant);
        json.WriteString("detector", _detector);
        if (subject.Field is null)
        {
            json.WriteNull("entity");
            return;
        }

        json.WriteStartObject("entity");
        json.WriteString("field", subject.Field);
        json.WriteString("value", subject.Shown);
        json.WriteBoolean("masked", subject.Masked);
        json.WriteString("pseudonym", subject.Pseudonym);
        json.WriteEndObject();
    }

    private static void WriteFeatures(Utf8JsonWriter json, IReadOnlyList<FeatureContribution> features)
    {
        json.WriteStartArray("features");
        foreach (var feature in features)
        {
            json.WriteStartObject();
            json.WriteString("name", feature.Field.Name);
            WriteObserved(json, feature);
            WriteExpected(json, feature);
            json.WriteNumber("share", feature.Share);
            if (!string.IsNullOrEmpty(feature.Field.Unit))
                json.WriteString("unit", feature.Field.Unit);
            if (feature.Field.History is not null)
                json.WriteString("baseline", feature.Baseline);
            json.WriteBoolean("unseen", feature.Unseen);
            json.WriteBoolean("missing", feature.Missing);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteObserved(Utf8JsonWriter json, FeatureContribution feature)
    {
        if (feature.Missing)
            json.WriteNull("observed");
        else if (IsDeviation(feature))
            WriteAbout(json, feature);
        else if (feature.Field.PassThrough == PassThrough.Masked)
            json.WriteString("observed", Masking.Mask(feature.Text));
        else if (feature.Field.Kind == FieldKind.Numeric)
            json.WriteNumber("observed", feature.Number);
        else if (feature.Field.Kind == FieldKind.Boolean)
            json.WriteBoolean("observed", feature.Number != 0);
        else
            json.WriteString("observed", feature.Text);
    }

    // What is usual is told in the unit of the field, and so is what was found.
    private static bool IsDeviation(FeatureContribution feature) => feature is { Missing: false, Field.History.Kind: HistoryFeatureKind.Usual };

    private static void WriteAbout(Utf8JsonWriter json, FeatureContribution feature)
    {
        if (feature.Field.PassThrough == PassThrough.Masked)
            json.WriteString("observed", feature.AboutText);
        else
            json.WriteNumber("observed", feature.AboutNumber);
    }

    // A masked category's expected value would show another record's.
    private static void WriteExpected(Utf8JsonWriter json, FeatureContribution feature)
    {
        var expected = feature.Expected;
        if (IsDeviation(feature))
            json.WriteNumber("deviations", feature.Number);
        if (double.IsFinite(feature.Usual) && feature.Field.PassThrough != PassThrough.Masked)
            json.WriteNumber("expected", feature.Usual);
        else if (IsDeviation(feature))
            json.WriteNull("expected");
        else if (feature.Field.Kind == FieldKind.Numeric && double.IsFinite(expected.Number))
            json.WriteNumber("expected", expected.Number);
        else
            json.WriteString("expected", feature.Field.PassThrough == PassThrough.Masked ? Masking.Mask(expected.Text) : ValueText.Shorten(expected.Text));
        if (double.IsFinite(expected.Probability))
            json.WriteNumber("expected_probability", expected.Probability);
    }

    private static void WriteModel(Utf8JsonWriter json, ModelManifest model)
    {
        json.WriteStartObject("model");
        json.WriteString("id", model.Network.WeightsSha256);
        json.WriteString("version", model.Version);
        json.WriteString("variant", model.Network.Variant);
        json.WriteString("spec_hash", model.SpecHash);
        json.WriteStartObject("training_window");
        WriteTime(json, "from", model.WindowFrom);
        WriteTime(json, "to", model.WindowTo);
        json.WriteNumber("records", model.WindowRecords);
        json.WriteNumber("excluded_records", model.ExcludedRecords);
        json.WriteEndObject();
        json.WriteString("threshold_method", model.Threshold.Method);
        json.WriteNumber("threshold_quantile", model.Threshold.Quantile);
        json.WriteEndObject();
    }

    private void WriteEvidence(Utf8JsonWriter json, RecordBatch batch, int row)
    {
        var origin = batch.Origins[row];
        json.WriteStartObject("evidence");
        WritePlace(json, origin.Place);
        if (origin.Original is not null)
        {
            json.WriteStartObject("copy");
            WritePlace(json, new RecordPlace(origin.Topic, origin.Partition, origin.Offset, origin.TopicId));
            json.WriteEndObject();
        }

        json.WriteStartObject("fields");
        for (var field = 0; field < _spec.Fields.Count; field++)
        {
            // The entity stands in its own place.
            if (FeatureSpec.IsRead(_spec.Fields[field]) && _spec.Fields[field].PassThrough != PassThrough.None && field != _spec.EntityField)
                WriteField(json, batch, row, field);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter json, RecordPlace place)
    {
        json.WriteString("topic", place.Topic);
        json.WriteString("topic_id", place.TopicId);
        json.WriteNumber("partition", place.Partition);
        json.WriteNumber("offset", place.Offset);
    }

    private void WriteField(Utf8JsonWriter json, RecordBatch batch, int row, int field)
    {
        var declared = _spec.Fields[field];
        if (batch.IsMissing(field, row))
        {
            json.WriteNull(declared.Name);
            return;
        }

        if (!FeatureSpec.IsNumber(declared.Kind))
        {
            var text = Encoding.UTF8.GetString(batch.Text(field, row));
            json.WriteString(declared.Name, ValueText.Shorten(declared.PassThrough == PassThrough.Masked ? Masking.Mask(text) : text));
            return;
        }

        var number = batch.Numbers(field)[row];
        if (declared.PassThrough == PassThrough.Masked)
            json.WriteString(declared.Name, Masking.Mask(ValueText.Write(declared.Kind, number)));
        else if (declared.Kind == FieldKind.Boolean)
            json.WriteBoolean(declared.Name, number != 0);
        else if (declared.Kind == FieldKind.Timestamp)
            json.WriteString(declared.Name, ValueText.Write(declared.Kind, number));
        else
            json.WriteNumber(declared.Name, number);
    }

    // The token leads back to the record and to the version that judged it; it holds nothing of the record's content.
    private void WriteResponse(Utf8JsonWriter json, RecordPlace place, string modelVersion)
    {
        var token = string.Create(CultureInfo.InvariantCulture, $"1|{_detector}|{modelVersion}|{place.Partition}|{place.Offset}|{place.Topic}");
        json.WriteStartObject("response");
        json.WriteString("feedback_token", System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(token)));
        json.WriteString("runbook", _options.Runbook);
        json.WriteEndObject();
    }

    private static void WriteQuality(Utf8JsonWriter json, Anomaly anomaly)
    {
        json.WriteStartObject("quality");
        json.WriteBoolean("cold_start", anomaly.Model.Trigger == "bootstrap");
        if (anomaly.Batch.HistoryRecords(anomaly.Row) is { } records)
            json.WriteNumber("history_records", records);
        json.WriteStartArray("missing_fields");
        foreach (var field in anomaly.Explanation.MissingFields)
            json.WriteStringValue(field);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
            json.WriteString(name, Rfc3339(known));
        else
            json.WriteNull(name);
    }

    private static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
