using System.Globalization;
using System.Runtime.InteropServices;

namespace AEAnomaly.Host.Training;

/// <summary>Makes this process yield the processors to all others. Linux only; elsewhere nothing happens.</summary>
internal static class LowPriority
{
    // As the training thread of a daemon has: a busy scoring thread gets about nine times the share.
    private const int Niceness = 10;

    private const int PriorityOfThread = 0;

    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
            return;

        // Linux keeps a niceness for each thread, and the runtime has started some; those to come inherit it.
        foreach (var thread in Directory.GetDirectories("/proc/self/task"))
            _ = SetPriority(PriorityOfThread, uint.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), Niceness);
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int value);
}
