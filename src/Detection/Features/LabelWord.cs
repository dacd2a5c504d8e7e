using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Detection.Features;

/// <summary>Reads labels as data sets write them: 0, false, no, normal, benign and nothing mean normal; any other text is an anomaly, unless the label's field says what is normal.</summary>
public static class LabelWord
{
    private static readonly string[] Normal =
    [
        "", "false", "f", "no", "n", "normal", "benign", "legit", "legitimate", "genuine", "ok", "okay", "none", "-", "good", "healthy", "nominal", "regular", "clean", "pass", "passed",
        "negative", "non-fraud", "nonfraud", "not fraud", "inlier",
    ];

    /// <summary>Gets the words known to mean normal, for messages.</summary>
    public static string KnownNormal => "0, false, no, normal, benign, good, healthy, ok and nothing";

    /// <summary>Tells whether a label means an anomaly.</summary>
    /// <param name="text">Value of the label.</param>
    /// <param name="normal">Values that mean normal; the known words when empty.</param>
    public static bool IsAnomaly(string text, IReadOnlyList<string> normal)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(normal);
        // NSL-KDD and its like end labels with a dot.
        var word = Canonical(text);
        if (normal.Count > 0)
            return !normal.Any(value => Canonical(value).Equals(word, StringComparison.OrdinalIgnoreCase));
        if (Normal.Contains(word, StringComparer.OrdinalIgnoreCase))
            return false;
        return !(double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == 0);
    }

    private static string Canonical(string text) => Encoding.UTF8.GetString(CategoryText.Of(Encoding.UTF8.GetBytes(text.Trim().TrimEnd('.'))));
}
