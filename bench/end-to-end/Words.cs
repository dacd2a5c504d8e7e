using System.Globalization;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Reads the command line: a command, then --name value pairs.</summary>
internal sealed class Words
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A word has no value or does not begin with "--".</exception>
    public Words(ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i += 2)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == words.Length)
                throw new ArgumentException($"Expected --name value, found '{words[i]}' at the end or in the place of a name.");
            _values[words[i][2..]] = words[i + 1];
        }
    }

    /// <exception cref="ArgumentException">The word is missing.</exception>
    public string Text(string name, string? otherwise = null) =>
        _values.GetValueOrDefault(name) ?? otherwise ?? throw new ArgumentException($"--{name} is missing.");

    /// <exception cref="ArgumentException">The word is missing or no number above 0.</exception>
    public int Number(string name, int? otherwise = null)
    {
        if (otherwise is { } value && !_values.ContainsKey(name))
            return value;
        return int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new ArgumentException($"--{name} must be a whole number above 0, found '{Text(name)}'.");
    }
}
