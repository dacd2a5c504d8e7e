using System.Text.RegularExpressions;

namespace AEAnomaly.Host.Configuration;

/// <summary>Takes secret texts out of messages: rules that check a value, and the library that refuses it, quote what they found.</summary>
internal sealed class ConcealedTexts
{
    private const string Instead = "a secret value (not shown)";

    // Shorter ones are hidden only where a message quotes a value: "no" is also a word.
    private const int LeastBareLength = 6;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);

    /// <summary>Adds a text, and its parts where it is a list.</summary>
    public void Add(string text)
    {
        string[] parts = [text, text.Trim(), .. text.Split([',', '\n'], StringSplitOptions.TrimEntries)];
        _texts.UnionWith(parts.Where(part => part.Length > 0));
    }

    /// <summary>Writes a message without the texts.</summary>
    public string Hide(string message)
    {
        foreach (var text in _texts.OrderByDescending(text => text.Length))
        {
            if (!message.Contains(text, StringComparison.Ordinal))
                continue;
            message = message
                .Replace($"'{text}'", Instead, StringComparison.Ordinal)
                .Replace($"\"{text}\"", Instead, StringComparison.Ordinal);
            message = Regex.Replace(message, $@"(?<=\b(found|value) ){Regex.Escape(text)}(?!\w)", _ => Instead);
            if (text.Length >= LeastBareLength)
                message = message.Replace(text, Instead, StringComparison.Ordinal);
        }

        return message.Replace($"value {Instead}", "value (not shown)", StringComparison.Ordinal);
    }
}
