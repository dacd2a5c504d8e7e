using System.Text.Json;
using System.Text.RegularExpressions;
using AEAnomaly.Host.Terminal;

namespace AEAnomaly.Host.Configuration;

/// <summary>Writes texts so that YAML reads them back as they are.</summary>
internal static partial class YamlText
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    /// <summary>Writes a text plain where that is safe, also within [ ] and { }, and quoted elsewhere.</summary>
    public static string Scalar(string text) =>
        Plain().IsMatch(text) && !Words.Contains(text.ToLowerInvariant()) ? text : JsonSerializer.Serialize(text, Readable);

    /// <summary>Writes a text as a comment of one line.</summary>
    public static string Comment(string text) => "# " + Printable.Line(text.ReplaceLineEndings(" "));

    [GeneratedRegex(@"\A[A-Za-z_/][A-Za-z0-9_./-]*\z")]
    private static partial Regex Plain();
}
