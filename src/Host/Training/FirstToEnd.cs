namespace AEAnomaly.Host.Training;

/// <summary>Makes this process the first to end where memory runs out. Linux only; elsewhere nothing happens.</summary>
internal static class FirstToEnd
{
    // Of -1000 (never) to 1000 (first); raising one's own needs no privilege.
    private const string OutOfMemoryScore = "600";

    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
            return;

        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", OutOfMemoryScore);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A sandbox may forbid it; the process then is a victim like any other.
            Console.Error.WriteLine($"the out-of-memory score stays as it is: {e.Message}");
        }
    }
}
