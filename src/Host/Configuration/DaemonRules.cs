namespace AEAnomaly.Host.Configuration;

/// <summary>Checks what the daemon needs and work on files does not.</summary>
internal static class DaemonRules
{
    /// <summary>Requires brokers: a file without the section says nothing of them.</summary>
    public static void RequireBrokers(AEAnomalyOptions options, ConfigurationErrors errors)
    {
        if (options.Kafka.BootstrapServers.Length == 0 && !errors.Concerns("kafka"))
            errors.Add("kafka.bootstrap_servers", "is missing; expected HOST:PORT, several with commas.");
    }

    /// <summary>Requires that models, and what is remembered of keys, can be kept in their folders, and leaves nothing behind there.</summary>
    public static void RequireFolders(AEAnomalyOptions options, ConfigurationErrors errors)
    {
        RequireFolder("models.directory", options.Models.Directory, "models", errors);
        for (var i = 0; i < options.Detectors.Count; i++)
        {
            if (options.Detectors[i]?.History?.Directory is { } directory)
                RequireFolder($"detectors[{i}].history.directory", directory, "history", errors);
        }
    }

    private static void RequireFolder(string key, string directory, string what, ConfigurationErrors errors)
    {
        if (!errors.Concerns(key) && Problem(directory, what) is { } problem)
            errors.Add(key, $"found '{directory}'; {problem}");
    }

    private static string? Problem(string directory, string kept)
    {
        var folder = Path.GetFullPath(directory);
        var existing = folder;
        while (!Directory.Exists(existing))
        {
            if (File.Exists(existing))
                return $"{existing} is a file, so no {kept} can be kept {(existing == folder ? "in it" : "below it")}. Name a folder.";
            if (Path.GetDirectoryName(existing) is not { } above)
                return $"{existing} does not exist. Name another folder.";
            existing = above;
        }

        try
        {
            // Only the attempt knows of read-only file systems and of rights beyond the mode; the file goes as it is closed.
            using var attempt = new FileStream(
                Path.Combine(existing, $".aeanomaly-check-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            var what = existing == folder ? $"{folder} cannot be written" : $"{folder} does not exist and cannot be made in {existing}";
            var why = problem is UnauthorizedAccessException ? "access is denied" : Reason(problem.Message);
            return $"{what}: {why}. Make it writable for the user that runs the daemon, or name another folder.";
        }
    }

    // .NET ends the system's words with the name of the file that was tried.
    private static string Reason(string message) => message.Split(" : '")[0].TrimEnd('.');
}
