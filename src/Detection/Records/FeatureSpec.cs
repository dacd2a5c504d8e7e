using System.Security.Cryptography;
using System.Text.Json;

namespace AEAnomaly.Detection.Records;

/// <summary>Declares the fields of a detector's records; immutable, with a hash that ties a model to it.</summary>
public sealed class FeatureSpec
{
    private readonly FieldSpec[] _fields;

    /// <summary>Creates a spec.</summary>
    /// <param name="fields">Fields in order; names are unique, at least one is a feature.</param>
    /// <param name="history">What is remembered of every key, or null; its features are appended to the fields.</param>
    /// <exception cref="ArgumentException">A name is empty or repeated, or no field is a feature.</exception>
    public FeatureSpec(IEnumerable<FieldSpec> fields, HistorySpec? history = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        History = history;
        _fields = [.. fields, .. history?.Features ?? []];
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in _fields)
        {
            if (string.IsNullOrWhiteSpace(field.Name))
                throw new ArgumentException("A field has no name.", nameof(fields));
            if (!names.Add(field.Name))
                throw new ArgumentException($"Field name '{field.Name}' is used twice.", nameof(fields));
        }

        if (!_fields.Any(f => IsFeature(f.Kind)))
            throw new ArgumentException("No field is a feature; declare at least one numeric, categorical, boolean or timestamp field.", nameof(fields));

        FeatureFields = [.. Enumerable.Range(0, _fields.Length).Where(field => IsFeature(_fields[field].Kind) && !_fields.Any(other => other.History is { } feature && feature.IsAboutPlace(field)))];
        EventTimeField = Array.FindIndex(_fields, f => f.Kind == FieldKind.Timestamp);
        EntityField = Array.FindIndex(_fields, f => f.Kind == FieldKind.Key);
        LabelField = Array.FindIndex(_fields, f => f.Kind == FieldKind.Label);
        Hash = ComputeHash(_fields, history);
    }

    /// <summary>Gets what is remembered of every key, or null.</summary>
    public HistorySpec? History { get; }

    /// <summary>Gets the fields in order.</summary>
    public IReadOnlyList<FieldSpec> Fields => _fields;

    /// <summary>Gets the indexes of the fields that become features. A place that history measures the way from is none: where records happen at all says less than how far from the last one, and would
    /// drown it.</summary>
    public IReadOnlyList<int> FeatureFields { get; }

    /// <summary>Gets the SHA-256 over everything that decides how a record becomes features, lower-case hexadecimal.</summary>
    /// <remarks>Units and pass-through do not count: they change what an alert shows, not what a model saw.</remarks>
    public string Hash { get; }

    /// <summary>Gets the index of the event time, or -1 when the broker's timestamp is used.</summary>
    public int EventTimeField { get; }

    /// <summary>Gets the index of the entity key, or -1.</summary>
    public int EntityField { get; }

    /// <summary>Gets the index of the label, or -1.</summary>
    public int LabelField { get; }

    /// <summary>Tells whether fields of a kind may become features.</summary>
    /// <param name="kind">Kind of a field.</param>
    public static bool IsFeature(FieldKind kind) => kind is FieldKind.Numeric or FieldKind.Categorical or FieldKind.Boolean or FieldKind.Timestamp;

    /// <summary>Tells whether values of a kind are stored as numbers (<see cref="RecordBatch.Numbers"/>); the others are stored as text.</summary>
    /// <param name="kind">Kind of a field.</param>
    public static bool IsNumber(FieldKind kind) => kind is FieldKind.Numeric or FieldKind.Boolean or FieldKind.Timestamp;

    /// <summary>Tells whether a field's value is read from the record at all; what history gives is not.</summary>
    /// <param name="field">Declared or derived field.</param>
    public static bool IsRead(FieldSpec field) => field.History is null && (field.Kind != FieldKind.Ignore || field.PassThrough != PassThrough.None);

    private static string ComputeHash(FieldSpec[] fields, HistorySpec? history)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartArray();
            foreach (var field in fields)
            {
                if (!IsFeature(field.Kind) && field.Kind != FieldKind.Key)
                    continue;
                writer.WriteStartObject();
                writer.WriteString("name", field.Name);
                writer.WriteString("path", field.EffectivePath);
                writer.WriteString("kind", field.Kind.ToString());
                writer.WriteString("scaling", field.Scaling.ToString());
                writer.WriteNumber("max_categories", field.MaxCategories);
                WriteRules(writer, field);
                if (field.History is { } feature)
                    writer.WriteString("history", $"{feature.Define(fields)}, key '{fields[history!.Key].Name}', clock '{(history.Clock < 0 ? "" : fields[history.Clock].Name)}'");
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(stream.ToArray()));
    }

    // Only what is declared: models of fields without such rules keep their hash.
    private static void WriteRules(Utf8JsonWriter writer, FieldSpec field)
    {
        if (field.Missing.Count > 0)
        {
            writer.WriteStartArray("missing");
            foreach (var text in field.Missing)
                writer.WriteStringValue(text);
            writer.WriteEndArray();
        }

        if (field.Decimal is not null)
        {
            writer.WriteString("decimal", field.Decimal);
            writer.WriteString("unit", field.Unit);
        }

        if (field.Format is not null)
            writer.WriteString("format", field.Format);
        if (field.TimeZone is not null)
            writer.WriteString("time_zone", field.TimeZone);
    }
}
