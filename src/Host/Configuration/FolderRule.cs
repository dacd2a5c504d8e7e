namespace AEAnomaly.Host.Configuration;

/// <summary>Checks that a folder is a path: a shell's ~ and the scheme of an address would become names of folders in the working directory.</summary>
internal static class FolderRule
{
    public static void Check(string directory, string key, ConfigurationErrors errors)
    {
        if (errors.Concerns(key))
            return;
        if (directory.Length == 0)
            errors.Add(key, "found ''; expected a folder.");
        else if (directory == "~" || directory.StartsWith("~/", StringComparison.Ordinal))
            errors.Add(key, $"found '{directory}'; nothing expands ~ here. Write the whole path.");
        else if (directory.Contains("://", StringComparison.Ordinal))
            errors.Add(key, $"found '{directory}'; expected a folder of this machine, without a scheme.");
    }
}
