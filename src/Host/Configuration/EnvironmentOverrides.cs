using System.Globalization;

namespace AEAnomaly.Host.Configuration;

/// <summary>Lays environment variables over the file: AEANOMALY__DETECTORS__0__TRAINING__EVERY=24h sets detectors[0].training.every.</summary>
internal static class EnvironmentOverrides
{
    public const string Prefix = "AEANOMALY__";

    /// <summary>Applies every variable that begins with <see cref="Prefix"/>.</summary>
    /// <param name="root">Top section; changed in place.</param>
    /// <param name="variables">Environment of the process.</param>
    /// <param name="errors">Receives variables that name no possible key.</param>
    public static void Apply(MappingNode root, IReadOnlyDictionary<string, string> variables, ConfigurationErrors errors)
    {
        var setBy = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        // Ordinal order, so that DETECTORS__0 is there before DETECTORS__1 is appended.
        foreach (var name in variables.Keys.Where(v => v.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).OrderBy(v => v, NumberAwareOrder.Instance))
        {
            var segments = name[Prefix.Length..].ToLowerInvariant().Split("__");
            var origin = new ConfigurationOrigin(root.Origin.File, 0, name);
            if (!setBy.TryAdd(name, name))
                errors.Add(origin, "", $"sets the same key as {setBy[name]}; remove one of them.");
            else if (Array.Exists(segments, s => s.Length == 0))
                errors.Add(origin, "", $"names no key; write {Prefix}SECTION__KEY, list positions as numbers from 0.");
            else
                Set(root, segments, new ScalarNode(variables[name], origin), errors);
        }
    }

    private static void Set(MappingNode root, string[] segments, ScalarNode value, ConfigurationErrors errors)
    {
        ConfigurationNode current = root;
        var path = "";
        for (var i = 0; i < segments.Length; i++)
        {
            var next = i + 1 == segments.Length ? value : Section(segments[i + 1], value.Origin);
            switch (current)
            {
                case MappingNode section:
                    var index = section.Entries.FindIndex(e => Matches(e.Key, segments[i]));
                    if (index < 0)
                    {
                        index = section.Entries.Count;
                        section.Entries.Add(new MappingEntry(segments[i], value.Origin, next));
                    }

                    var entry = section.Entries[index];
                    path = OptionsPath.Join(path, entry.Key);
                    if (next == value || entry.Value is ScalarNode { IsNull: true })
                        section.Entries[index] = entry with { Origin = value.Origin, Value = next };
                    current = section.Entries[index].Value;
                    break;

                case SequenceNode list:
                    if (!int.TryParse(segments[i], NumberStyles.None, CultureInfo.InvariantCulture, out var position) || position > list.Items.Count)
                    {
                        errors.Add(value.Origin, path, $"found position '{segments[i]}'; the list has {list.Items.Count} entries, so 0 to {list.Items.Count} is allowed.");
                        return;
                    }

                    path = $"{path}[{position}]";
                    if (position == list.Items.Count)
                        list.Items.Add(next);
                    else if (next == value)
                        list.Items[position] = next;
                    current = list.Items[position];
                    break;

                default:
                    errors.Add(value.Origin, path, $"is a single value, so '{segments[i]}' below it cannot be set.");
                    return;
            }
        }
    }

    // Variable names cannot hold dots and dashes: SASL_PASSWORD also means sasl.password where such a key is written.
    private static bool Matches(string key, string segment) =>
        key.Equals(segment, StringComparison.OrdinalIgnoreCase)
        || key.Replace('.', '_').Replace('-', '_').Equals(segment, StringComparison.OrdinalIgnoreCase);

    private static ConfigurationNode Section(string segment, ConfigurationOrigin origin) =>
        segment.All(char.IsAsciiDigit) ? new SequenceNode(origin) : new MappingNode(origin);

    private sealed class NumberAwareOrder : IComparer<string>
    {
        public static readonly NumberAwareOrder Instance = new();

        public int Compare(string? x, string? y)
        {
            var left = x!.Split("__");
            var right = y!.Split("__");
            for (var i = 0; i < Math.Min(left.Length, right.Length); i++)
            {
                var order = int.TryParse(left[i], CultureInfo.InvariantCulture, out var a) && int.TryParse(right[i], CultureInfo.InvariantCulture, out var b)
                    ? a.CompareTo(b)
                    : string.CompareOrdinal(left[i], right[i]);
                if (order != 0)
                    return order;
            }

            return left.Length.CompareTo(right.Length);
        }
    }
}
