using System.Text.Json;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Streaming;

namespace AEAnomaly.Ingest.Formats;

/// <summary>Collects the values of raw JSON messages by dotted path, to propose fields from. Not thread-safe.</summary>
public sealed class JsonSampler
{
    private readonly JsonDecoderOptions _limits;
    private readonly Dictionary<string, List<SampleValue>> _values = new(StringComparer.Ordinal);
    private readonly List<string> _paths = [];

    /// <summary>Creates an empty sampler.</summary>
    /// <param name="limits">Bounds of a message.</param>
    public JsonSampler(JsonDecoderOptions limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _limits = limits;
    }

    /// <summary>Gets the messages added.</summary>
    public int Count { get; private set; }

    /// <summary>Adds the values of one message.</summary>
    /// <param name="payload">The message's value, as it came.</param>
    /// <param name="error">Says what is wrong and where when the result is false.</param>
    /// <returns>False when it is no JSON object; nothing is added then.</returns>
    public bool TryAdd(ReadOnlySpan<byte> payload, out DecodeError error)
    {
        payload = JsonPayload.WithoutMark(payload);
        if (!JsonPayload.IsAcceptable(payload, _limits, out error))
            return false;

        try
        {
            var reader = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = _limits.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                error = JsonPayload.NoObject(payload);
                return false;
            }

            // The end of the message: what follows the object is refused here.
            reader.Read();
            Flatten(document.RootElement, "");
        }
        catch (JsonException exception)
        {
            error = JsonSyntaxError.Explain(payload, exception, _limits.MaxDepth, null);
            return false;
        }

        Count++;
        return true;
    }

    /// <summary>Gives the columns, one for each path in the order of first sight; a message without it has a missing value there.</summary>
    public IReadOnlyList<SampleColumn> ToColumns()
    {
        foreach (var path in _paths)
            PadTo(_values[path], Count);
        return [.. _paths.Select(path => new SampleColumn(path, _values[path].ToArray()))];
    }

    private void Flatten(JsonElement element, string prefix)
    {
        foreach (var property in element.EnumerateObject())
        {
            var path = prefix + NameOf(property);
            if (property.Value.ValueKind == JsonValueKind.Object)
                Flatten(property.Value, path + ".");
            else
                Set(path, Classify(property.Value));
        }
    }

    private void Set(string path, SampleValue value)
    {
        if (!_values.TryGetValue(path, out var values))
        {
            _values.Add(path, values = []);
            _paths.Add(path);
        }

        // Of a repeated property the last value stays.
        PadTo(values, Count);
        if (values.Count > Count)
            values[Count] = value;
        else
            values.Add(value);
    }

    private static void PadTo(List<SampleValue> values, int count)
    {
        while (values.Count < count)
            values.Add(new SampleValue(SampleValueKind.Missing, ""));
    }

    private static SampleValue Classify(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => new SampleValue(SampleValueKind.Number, value.GetRawText()),
        JsonValueKind.True => new SampleValue(SampleValueKind.Boolean, "true"),
        JsonValueKind.False => new SampleValue(SampleValueKind.Boolean, "false"),
        JsonValueKind.String => new SampleValue(SampleValueKind.Text, TextOf(value)),
        JsonValueKind.Array => new SampleValue(SampleValueKind.Nested, ""),
        _ => new SampleValue(SampleValueKind.Missing, ""),
    };

    // Half a surrogate pair in an escape is grammatical JSON that is no text; a sample shows it as it is written.
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText();
        }
    }

    private static string NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return property.ToString();
        }
    }
}
