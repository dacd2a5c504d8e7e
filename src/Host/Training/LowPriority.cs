using System.Globalization;
using System.Runtime.InteropServices;

namespace AEAnomaly.Host.Training;

/// <summary>Makes this process yield to all others, and be the first to end where memory runs out. Linux only; elsewhere nothing happens.</summary>
internal static class LowPriority
{
    // As the training thread of a daemon has: a busy scoring thread gets about nine times the share.
    private const int Niceness = 10;

    // Of -1000 (never) to 1000 (first); raising one's own needs no privilege.
    private const string OutOfMemoryScore = "600";

    private const int PriorityOfThread = 0;

    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
            return;

        // Linux keeps a niceness for each thread, and the runtime has started some; those to come inherit it.
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
            _ = SetPriority(PriorityOfThread, uint.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), Niceness);
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

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int value);
}
