namespace AEAnomaly.Host.Configuration;

/// <summary>Warns of environment variables that name a key and are not read, because they begin otherwise than with <see cref="EnvironmentOverrides.Prefix"/>.</summary>
/// <remarks>Others that only begin alike are left alone: a cluster hands the addresses of a service named "aeanomaly" to its containers as AEANOMALY_SERVICE_HOST.</remarks>
internal static class OverlookedVariables
{
    private const string Product = "AEANOMALY";

    /// <summary>Looks through the environment.</summary>
    /// <param name="file">Name of the configuration.</param>
    /// <param name="variables">Environment of the process.</param>
    /// <param name="meant">Knows the keys.</param>
    /// <param name="errors">Receives the warnings.</param>
    public static void Report(string file, IReadOnlyDictionary<string, string> variables, MeantVariable meant, ConfigurationErrors errors)
    {
        foreach (var name in variables.Keys.Order(StringComparer.Ordinal))
        {
            if (!name.StartsWith(EnvironmentOverrides.Prefix, StringComparison.OrdinalIgnoreCase) && Find(name, meant) is { } right)
                errors.Warn(new ConfigurationOrigin(file, 0, name), "", $"is not read: the prefix is {EnvironmentOverrides.Prefix}, and two underscores separate levels. Did you mean {right}?");
        }
    }

    private static string? Find(string name, MeantVariable meant)
    {
        if (MeantVariable.Skip(Product, name, 0) is var end and > 0)
            return meant.Find(name[end..]);

        // Without the prefix, or with one that is misspelt, only two underscores tell that a name was written for this program.
        var first = name.IndexOf("__", StringComparison.Ordinal);
        if (first <= 0)
            return null;
        return meant.Find(name) ?? (ClosestName.Find(name[..first], [Product]) is null ? null : meant.Find(name[first..]));
    }
}
