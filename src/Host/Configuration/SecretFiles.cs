namespace AEAnomaly.Host.Configuration;

/// <summary>Replaces values written as ${file:/run/secrets/name} by the content of the file.</summary>
internal static class SecretFiles
{
    /// <summary>What such a value begins with.</summary>
    public const string Open = "${file:";

    /// <summary>Expands every such value.</summary>
    /// <param name="root">Top section; changed in place.</param>
    /// <param name="folder">Folder that relative paths start from: the configuration file's.</param>
    /// <param name="errors">Receives files that cannot be read.</param>
    public static void Expand(MappingNode root, string folder, ConfigurationErrors errors) => ExpandNode(root, "", folder, errors);

    private static ConfigurationNode ExpandNode(ConfigurationNode node, string path, string folder, ConfigurationErrors errors)
    {
        switch (node)
        {
            case MappingNode section:
                for (var i = 0; i < section.Entries.Count; i++)
                {
                    var entry = section.Entries[i];
                    section.Entries[i] = entry with { Value = ExpandNode(entry.Value, OptionsPath.Join(path, entry.Key), folder, errors) };
                }

                return section;

            case SequenceNode list:
                for (var i = 0; i < list.Items.Count; i++)
                    list.Items[i] = ExpandNode(list.Items[i], $"{path}[{i}]", folder, errors);
                return list;

            case ScalarNode scalar when scalar.Text.StartsWith(Open, StringComparison.Ordinal) && scalar.Text.EndsWith('}'):
                return Read(scalar, path, folder, errors);

            default:
                return node;
        }
    }

    private static ConfigurationNode Read(ScalarNode scalar, string path, string folder, ConfigurationErrors errors)
    {
        var file = scalar.Text[Open.Length..^1];
        try
        {
            var (text, _, problem) = StrictText.Decode(File.ReadAllBytes(Path.Combine(folder, file)));
            if (text is null)
            {
                errors.Add(scalar.Origin, path, $"the secret file '{file}' {problem}.");
                return new UnreadableNode(scalar.Origin);
            }

            text = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
            return new ScalarNode(text, scalar.Origin, quoted: true, secret: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var reason = problem switch
            {
                FileNotFoundException or DirectoryNotFoundException => "it does not exist",
                UnauthorizedAccessException => "access is denied",
                _ => problem.Message,
            };
            errors.Add(scalar.Origin, path, $"the secret file '{file}' cannot be read: {reason}.");
            return new UnreadableNode(scalar.Origin);
        }
    }
}
