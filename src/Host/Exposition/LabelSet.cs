using System.Globalization;

namespace AEAnomaly.Host.Exposition;

/// <summary>Identifies one series of a family by its labels; compares with an instrument's tags without allocating.</summary>
internal sealed class LabelSet
{
    private readonly KeyValuePair<string, string>[] _labels;

    private LabelSet(KeyValuePair<string, string>[] labels) => _labels = labels;

    /// <summary>Gets the labels, sorted by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Labels => _labels;

    /// <summary>Copies an instrument's tags.</summary>
    public static LabelSet From(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new KeyValuePair<string, string>[tags.Length];
        for (var i = 0; i < tags.Length; i++)
            labels[i] = new(Name(tags[i].Key), Text(tags[i].Value));
        Array.Sort(labels, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new LabelSet(labels);
    }

    /// <summary>Computes a hash that does not depend on the order of the tags.</summary>
    public static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (var tag in tags)
            hash ^= HashCode.Combine(string.GetHashCode(tag.Key, StringComparison.Ordinal), tag.Value is string text ? text.GetHashCode(StringComparison.Ordinal) : Text(tag.Value).GetHashCode(StringComparison.Ordinal));
        return hash;
    }

    /// <summary>Tells whether tags name this series.</summary>
    public bool Matches(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.Length != _labels.Length)
            return false;

        foreach (var tag in tags)
        {
            var found = false;
            foreach (var label in _labels)
            {
                if (NameEquals(label.Key, tag.Key) && string.Equals(label.Value, tag.Value as string ?? Text(tag.Value), StringComparison.Ordinal))
                {
                    found = true;
                    break;
                }
            }

            if (!found)
                return false;
        }

        return true;
    }

    private static bool NameEquals(string label, string tag) =>
        string.Equals(label, tag, StringComparison.Ordinal) || (tag.AsSpan().ContainsAny('.', '-') && string.Equals(label, Name(tag), StringComparison.Ordinal));

    private static string Name(string tag) => tag.Replace('.', '_').Replace('-', '_');

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
