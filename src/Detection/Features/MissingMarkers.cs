using System.Collections.Frozen;

namespace AEAnomaly.Detection.Features;

/// <summary>Knows the texts by which people and programs say that there is no value.</summary>
internal static class MissingMarkers
{
    // Among numbers and times no such word can be a value.
    private static readonly FrozenSet<string> AmongNumbers = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "na", "n/a", "n.a.", "#n/a", "<na>", "null", "(null)", "<null>", "none", "nil", "nan", "-nan", "nat", "\\n", "-", "--", "---", ".", "?", "*", "unknown", "missing", "undefined",
        "not available", "(blank)", "#div/0!", "#ref!", "#value!", "#num!", "#name?", "0000-00-00", "0000-00-00 00:00:00", "0000-00-00T00:00:00Z", "-nan(ind)", "1.#qnan", "#null!", "empty");

    // Among texts only what no language has as a word: NA is a country, "none" and "-" are answers.
    private static readonly FrozenSet<string> AmongTexts = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "n/a", "#n/a", "<na>", "null", "(null)", "<null>", "nan", "nat", "\\n", "?", "(blank)");

    /// <summary>Tells whether a text among numbers, booleans or times means "no value".</summary>
    public static bool IsAmongNumbers(string text) => AmongNumbers.Contains(text);

    /// <summary>Tells whether a text among texts means "no value".</summary>
    public static bool IsAmongTexts(string text) => AmongTexts.Contains(text);
}
