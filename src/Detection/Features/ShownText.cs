using System.Globalization;
using System.Text;

namespace AEAnomaly.Detection.Features;

/// <summary>Shows sampled texts in the reason of a proposal.</summary>
internal static class ShownText
{
    private const int Longest = 24;

    /// <summary>Shows a text in quotes, shortened, control characters replaced.</summary>
    public static string Of(string text)
    {
        var shown = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length > Longest)
                return shown.Append("...\"").ToString();
            shown.Append(Rune.IsControl(rune) ? "\uFFFD" : rune.ToString());
        }

        return shown.Append('"').ToString();
    }

    /// <summary>Shows texts with how often each occurs: "NA" 61, "-" 3 and 4 others.</summary>
    public static string Of(IReadOnlyList<KeyValuePair<string, int>> texts)
    {
        const int Most = 3;
        var shown = string.Join(", ", texts.Take(Most).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{Of(pair.Key)} {pair.Value:N0}")));
        var rest = texts.Skip(Most).Sum(pair => pair.Value);
        return rest == 0 ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown} and {rest:N0} others");
    }
}
