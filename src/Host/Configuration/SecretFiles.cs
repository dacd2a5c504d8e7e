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
    /// <returns>The values that were replaced.</returns>
    public static IReadOnlyList<SecretFile> Expand(MappingNode root, string folder, ConfigurationErrors errors)
    {
        var found = new List<SecretFile>();
        ExpandNode(root, "", folder, errors, found);
        return found;
    }

    /// <summary>Reads the text that a file stands for: without the line end at its end.</summary>
    /// <returns>The text; or null, and what is wrong with the file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static (string? Text, string? Problem) Read(string file)
    {
        var (text, _, problem) = StrictText.Decode(File.ReadAllBytes(file));
        return (text is null ? null : text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text, problem);
    }

    private static ConfigurationNode ExpandNode(ConfigurationNode node, string path, string folder, ConfigurationErrors errors, List<SecretFile> found)
    {
        switch (node)
        {
            case MappingNode section:
                for (var i = 0; i < section.Entries.Count; i++)
                {
                    var entry = section.Entries[i];
                    section.Entries[i] = entry with { Value = ExpandNode(entry.Value, OptionsPath.Join(path, path == OptionsPath.KafkaProperties ? OptionsPath.KeyInTable(entry) : entry.Key), folder, errors, found) };
                }

                return section;

            case SequenceNode list:
                for (var i = 0; i < list.Items.Count; i++)
                    list.Items[i] = ExpandNode(list.Items[i], $"{path}[{i}]", folder, errors, found);
                return list;

            case ScalarNode scalar when scalar.Text.StartsWith(Open, StringComparison.Ordinal) && scalar.Text.EndsWith('}'):
                return Read(scalar, path, folder, errors, found);

            default:
                return node;
        }
    }

    private static ConfigurationNode Read(ScalarNode scalar, string path, string folder, ConfigurationErrors errors, List<SecretFile> found)
    {
        var file = scalar.Text[Open.Length..^1];
        try
        {
            var full = Path.Combine(folder, file);
            var (text, problem) = Read(full);
            if (text is null)
            {
                errors.Add(scalar.Origin, path, $"the secret file '{file}' {problem}.");
                return new UnreadableNode(scalar.Origin);
            }

            found.Add(new SecretFile(path, full, text));
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
