namespace AEAnomaly.Host.Configuration;

/// <summary>Checks that the model folder is a path: a shell's ~ and the scheme of an address would become names of folders in the working directory.</summary>
internal static class FolderRule
{
    private const string Key = "models.directory";

    public static void Check(string directory, ConfigurationErrors errors)
    {
        if (errors.Concerns(Key))
            return;
        if (directory == "~" || directory.StartsWith("~/", StringComparison.Ordinal))
            errors.Add(Key, $"found '{directory}'; nothing expands ~ here. Write the whole path.");
        else if (directory.Contains("://", StringComparison.Ordinal))
            errors.Add(Key, $"found '{directory}'; expected a folder of this machine, without a scheme.");
    }
}
