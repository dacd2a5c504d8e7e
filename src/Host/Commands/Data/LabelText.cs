using System.Globalization;

namespace AEAnomaly.Host.Commands.Data;

/// <summary>Reads labels as data sets write them: 0, false, no, normal, benign and nothing mean normal; any other text is an anomaly.</summary>
internal static class LabelText
{
    private static readonly string[] Normal = ["", "false", "f", "no", "n", "normal", "benign", "legit", "legitimate", "ok", "none", "-"];

    public static bool IsAnomaly(ReadOnlySpan<char> text)
    {
        // NSL-KDD and its like end labels with a dot.
        text = text.Trim().TrimEnd('.');
        foreach (var word in Normal)
        {
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
                return false;
        }

        return !(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == 0);
    }
}
