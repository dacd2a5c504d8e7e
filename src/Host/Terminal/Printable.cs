using System.Text;

namespace AEAnomaly.Host.Terminal;

/// <summary>Shows texts that came from outside without what they might do to a terminal.</summary>
internal static class Printable
{
    private const char Replacement = '\uFFFD';

    /// <summary>Replaces every control character, line ends and tabs among them: the text stays on its line.</summary>
    public static string Line(string text) => Replace(text, keepsLayout: false);

    /// <summary>Replaces control characters but line ends and tabs. A carriage return alone is no line end: what follows would cover what stands there.</summary>
    public static string Text(string text) => Replace(text, keepsLayout: true);

    /// <summary>Gives what is shown for a character where line ends and tabs stay.</summary>
    public static char Of(char c) => IsHidden(c, '\0', keepsLayout: true) ? Replacement : c;

    private static bool IsHidden(char c, char next, bool keepsLayout) => char.IsControl(c) && !(keepsLayout && (c is '\n' or '\t' || (c == '\r' && next == '\n')));

    private static string Replace(string text, bool keepsLayout)
    {
        StringBuilder? shown = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsHidden(text[i], i + 1 < text.Length ? text[i + 1] : '\0', keepsLayout))
                continue;
            shown ??= new StringBuilder(text);
            shown[i] = Replacement;
        }

        return shown?.ToString() ?? text;
    }
}
