using System.Text.RegularExpressions;

namespace AEAnomaly.Host.Configuration;

/// <summary>Finds values that something else was meant to fill in: variables of a shell, templates, placeholders. Nothing here replaces them, so they would be taken as they stand.</summary>
internal static partial class UnreplacedText
{
    // Texts that may hold a dollar or a percent sign of their own: names in the data ("_id.$oid"), units, and a command that a shell runs.
    private static readonly string[] FreeTexts = ["path", "name", "unit", "sasl.kerberos.kinit.cmd"];

    /// <summary>Reports every such value, and takes it out so that nothing more is said about it.</summary>
    /// <param name="root">Top section, secrets read; changed in place.</param>
    /// <param name="errors">Receives the values.</param>
    public static void Report(MappingNode root, ConfigurationErrors errors) =>
        ReportIn(root, "", EnvironmentOverrides.Prefix.TrimEnd('_'), "", errors);

    /// <summary>Finds what stands for a value in a line that is not even YAML.</summary>
    /// <param name="line">Line as written.</param>
    public static bool IsIn(string line) => Anywhere().IsMatch(line) || Named().Match(line) is { Success: true } found && !IsEscapedAddress(line, found.Value);

    private static ConfigurationNode ReportIn(ConfigurationNode node, string path, string variable, string key, ConfigurationErrors errors)
    {
        switch (node)
        {
            case MappingNode section:
                for (var i = 0; i < section.Entries.Count; i++)
                {
                    var entry = section.Entries[i];
                    var name = entry.Key.Replace('.', '_').Replace('-', '_').ToUpperInvariant();
                    section.Entries[i] = entry with { Value = ReportIn(entry.Value, OptionsPath.Join(path, entry.Key), $"{variable}__{name}", entry.Key, errors) };
                }

                return section;

            case SequenceNode list:
                for (var i = 0; i < list.Items.Count; i++)
                    list.Items[i] = ReportIn(list.Items[i], $"{path}[{i}]", $"{variable}__{i}", key, errors);
                return list;

            // What a file holds is meant as it stands, whatever it looks like.
            case ScalarNode { IsSecret: false } scalar when Find(scalar.Text, OptionsPath.IsSecret(path), FreeTexts.Contains(key)) is { } form:
                errors.Add(scalar.Origin, path, Message(scalar, form, OptionsPath.IsSecret(path), variable));
                return new UnreadableNode(scalar.Origin);

            default:
                return node;
        }
    }

    private static string? Find(string text, bool isSecret, bool isFree)
    {
        var anywhere = Anywhere().Match(text);

        // A password may hold anything, "$ecret" too: the whole of it has to be a placeholder, and a name in capitals.
        if (isSecret)
            return (anywhere.Success ? anywhere : Capitals().Match(text)) is { Success: true } whole && whole.Length == text.Trim().Length ? whole.Value : null;

        var form = anywhere.Success || isFree ? anywhere
            : Named().Match(text) is { Success: true } named && !IsEscapedAddress(text, named.Value) ? named
            : Bracketed().Match(text) is { Success: true } bracketed ? bracketed
            : WholeWord().Match(text);
        return form.Success ? form.Value : null;
    }

    // %41%42 in an address is no variable.
    private static bool IsEscapedAddress(string text, string found) => found[0] == '%' && !LonePercent().IsMatch(text);

    private static string Message(ScalarNode scalar, string form, bool isSecret, string variable)
    {
        var found = isSecret ? "found a variable or placeholder in place of a secret value (not shown)" : $"found '{scalar.Text}'";
        var what = isSecret ? "nothing fills it in here"
            : form.StartsWith(SecretFiles.Open, StringComparison.Ordinal) ? $"{SecretFiles.Open}...}} must be the whole value"
            : $"nothing fills in {form} here";
        return scalar.Origin.Variable is null
            ? $"{found}; {what}. Write the value, {SecretFiles.Open}/path}} for what a file holds, or set the environment variable {variable}."
            : $"{found}; {what}. Set the variable to the value itself, or to {SecretFiles.Open}/path}} for what a file holds.";
    }

    // ${X}, $(X), {{ x }}, {% x %}, <% x %>, #{X}
    [GeneratedRegex(@"\$\{[^}]*\}?|\$\([A-Za-z_][^)]*\)|\{\{.*?(\}\}|$)|\{%.*?(%\}|$)|<%.*?(%>|$)|#\{[^}]*\}", RegexOptions.Singleline)]
    private static partial Regex Anywhere();

    // $X, %X%, @X@
    [GeneratedRegex(@"(?<![\w$\\])\$[A-Za-z_]\w*|%[A-Za-z_]\w*%|(?<!\w)@[A-Z][A-Z0-9_]*@")]
    private static partial Regex Named();

    // <X>
    [GeneratedRegex(@"<[A-Za-z][\w .-]*>")]
    private static partial Regex Bracketed();

    // $X, %X%, @X@, <X>
    [GeneratedRegex(@"\$[A-Z][A-Z0-9_]{2,}|([%@])[A-Z][A-Z0-9_]{2,}\1|<[A-Z][A-Z0-9_ -]+>")]
    private static partial Regex Capitals();

    // __X__, CHANGE_ME
    [GeneratedRegex(@"\A\s*(__[A-Z][A-Z0-9_]*__|(?i:change[-_ ]?me|replace[-_ ]?me))\s*\z")]
    private static partial Regex WholeWord();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex LonePercent();
}
