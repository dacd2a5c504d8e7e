namespace AEAnomaly.Host.Configuration;

/// <summary>Collects everything that is wrong, and remembers where each key was written, so that later checks can name the line.</summary>
internal sealed class ConfigurationErrors(string file)
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];
    private readonly Dictionary<string, ConfigurationOrigin> _origins = new(StringComparer.Ordinal);
    private readonly ConcealedTexts _concealed = new();

    public int Count => _errors.Count;

    /// <summary>Gets the errors in the order of the file; those of environment variables last.</summary>
    public IReadOnlyList<ConfigurationError> Sorted =>
        [.. _errors.OrderBy(e => e.Origin.Variable is null ? 0 : 1).ThenBy(e => e.Origin.Variable, StringComparer.Ordinal).ThenBy(e => e.Origin.Line)];

    /// <summary>Gets what is probably not meant, though it can be read.</summary>
    public IReadOnlyList<ConfigurationError> Warnings => _warnings;

    public void Add(ConfigurationOrigin origin, string path, string message) => _errors.Add(new ConfigurationError(origin, path, _concealed.Hide(message)));

    /// <summary>Adds an error at the line where the path, or the nearest section around it, was written.</summary>
    public void Add(string path, string message) => Add(OriginOf(path), path, message);

    /// <summary>Adds a warning at the line where the path, or the nearest section around it, was written.</summary>
    public void Warn(string path, string message) => Warn(OriginOf(path), path, message);

    public void Warn(ConfigurationOrigin origin, string path, string message) => _warnings.Add(new ConfigurationError(origin, path, _concealed.Hide(message)));

    /// <summary>Keeps every secret text below a node out of the messages that follow, whoever writes them.</summary>
    public void Conceal(ConfigurationNode node, string path = "")
    {
        switch (node)
        {
            case MappingNode section:
                foreach (var entry in section.Entries)
                    Conceal(entry.Value, OptionsPath.Join(path, entry.Key));
                break;
            case SequenceNode list:
                foreach (var item in list.Items)
                    Conceal(item, path);
                break;
            case ScalarNode scalar when scalar.IsSecret || OptionsPath.IsSecret(path):
                _concealed.Add(scalar.Text);
                break;
        }
    }

    /// <summary>Tells whether an error was reported for the path or something below it.</summary>
    public bool Concerns(string path) =>
        _errors.Exists(e => e.Path.StartsWith(path, StringComparison.Ordinal) && (e.Path.Length == path.Length || e.Path[path.Length] is '.' or '['));

    public void Remember(string path, ConfigurationOrigin origin) => _origins[path] = origin;

    public bool Knows(string path) => _origins.ContainsKey(path);

    private ConfigurationOrigin OriginOf(string path)
    {
        while (path.Length > 0)
        {
            if (_origins.TryGetValue(path, out var origin))
                return origin;
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return new ConfigurationOrigin(file, 0);
    }
}
