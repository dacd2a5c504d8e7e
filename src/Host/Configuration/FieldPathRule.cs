using System.Text.RegularExpressions;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Host.Configuration;

/// <summary>Checks that the path of a field is a dotted name: paths of other languages would be taken as the name of a property, which no record has.</summary>
internal static partial class FieldPathRule
{
    private const string Rule = "paths are dotted names such as payer.country";

    public static void Check(FieldSpec field, string path, ConfigurationErrors errors)
    {
        var key = field.Path is null ? $"{path}.name" : $"{path}.path";
        var text = field.EffectivePath;
        if (errors.Concerns(key))
            return;
        if (Problem(text) is not { } problem)
        {
            if (field.Path is not null && text.Split('.') is { Length: > 1 } names && Array.Find(names, n => n.Length > 0 && n.All(char.IsAsciiDigit)) is { } number)
                errors.Warn(key, $"found '{text}'; {number} is read as the name of a property: lists have no positions.");
            return;
        }

        // A column may be called "temperature[0]" or "/var"; a path was written to lead somewhere.
        if (field.Path is null && !JsonPath().IsMatch(text))
            errors.Warn(key, $"found '{text}'; {problem}. It is read as the name of one property or column.");
        else
            errors.Add(key, $"found '{text}'; {problem}.");
    }

    private static string? Problem(string text)
    {
        if (JsonPath().IsMatch(text))
            return $"{Rule}, without $ or @ in front{(text.Contains('[', StringComparison.Ordinal) ? "; lists have no positions" : "")}";
        if (Position().IsMatch(text))
            return $"{Rule}; lists have no positions";
        if (Pointer().IsMatch(text))
            return $"{Rule}, without slashes";
        if (Arrow().IsMatch(text))
            return $"{Rule}, without arrows";
        return text.Length > 1 && text.Split('.').Contains("") && text.Trim('.').Length > 0 ? $"{Rule}, with a name before and after each dot" : null;
    }

    // $.a, $['a'], @.a; $a and @a are names
    [GeneratedRegex(@"\A\s*[$@]\s*(\.|\[)")]
    private static partial Regex JsonPath();

    // a[0], a[*], a[-1], a[], a['b'], a[?(@.b)]
    [GeneratedRegex(@"\[\s*(-?\d*|\*|-?\d*:-?\d*|'[^']*'|""[^""]*""|\?.*)\s*\]")]
    private static partial Regex Position();

    // /a, /a/b, #/a/b
    [GeneratedRegex(@"\A#?/")]
    private static partial Regex Pointer();

    // a->b, a->>'b'
    [GeneratedRegex("->")]
    private static partial Regex Arrow();
}
