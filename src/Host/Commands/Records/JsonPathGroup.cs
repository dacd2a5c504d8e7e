namespace AEAnomaly.Host.Commands.Records;

/// <summary>Arranges dotted paths as the objects they lie in: payer.country is "country" of the object "payer".</summary>
internal sealed class JsonPathGroup
{
    private readonly List<(string Name, JsonPathGroup Member)> _members = [];

    private JsonPathGroup(int field) => Field = field;

    /// <summary>Gets the field, or -1 for an object.</summary>
    public int Field { get; }

    public IReadOnlyList<(string Name, JsonPathGroup Member)> Members => _members;

    /// <summary>Arranges fields; where one path is the beginning of another, both keep their dots, since a value cannot be an object too.</summary>
    public static JsonPathGroup Of(IEnumerable<(int Field, string Path)> fields)
    {
        var all = fields.ToArray();
        var root = new JsonPathGroup(-1);
        foreach (var (field, path) in all)
        {
            var flat = all.Any(other => other.Path.StartsWith(path + '.', StringComparison.Ordinal) || path.StartsWith(other.Path + '.', StringComparison.Ordinal));
            var names = flat ? [path] : path.Split('.');
            var group = root;
            foreach (var name in names[..^1])
                group = group.Object(name);
            group._members.Add((names[^1], new JsonPathGroup(field)));
        }

        return root;
    }

    private JsonPathGroup Object(string name)
    {
        foreach (var (known, member) in _members)
        {
            if (known == name)
                return member;
        }

        _members.Add((name, new JsonPathGroup(-1)));
        return _members[^1].Member;
    }
}
