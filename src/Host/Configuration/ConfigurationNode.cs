namespace AEAnomaly.Host.Configuration;

/// <summary>A value as it was written, before its type is known.</summary>
internal abstract class ConfigurationNode(ConfigurationOrigin origin)
{
    public ConfigurationOrigin Origin { get; } = origin;
}

/// <summary>One text; a number, a duration or a word until a type says which.</summary>
internal sealed class ScalarNode(string text, ConfigurationOrigin origin, bool quoted = false, bool secret = false) : ConfigurationNode(origin)
{
    public string Text { get; } = text;

    /// <summary>Gets whether the value came from a secret file; it is never shown.</summary>
    public bool IsSecret { get; } = secret;

    /// <summary>Gets whether it is YAML's null.</summary>
    public bool IsNull => !quoted && Origin.Variable is null && !IsSecret && (Text is "" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A section: keys and values in the order they were written.</summary>
internal sealed class MappingNode(ConfigurationOrigin origin) : ConfigurationNode(origin)
{
    public List<MappingEntry> Entries { get; } = [];
}

/// <summary>One key of a section.</summary>
/// <param name="Key">Key as written.</param>
/// <param name="Origin">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record MappingEntry(string Key, ConfigurationOrigin Origin, ConfigurationNode Value);

/// <summary>A list.</summary>
internal sealed class SequenceNode(ConfigurationOrigin origin) : ConfigurationNode(origin)
{
    public List<ConfigurationNode> Items { get; } = [];
}

/// <summary>A value that could not be had; its error is already reported, so nothing more is said about it.</summary>
internal sealed class UnreadableNode(ConfigurationOrigin origin) : ConfigurationNode(origin);
