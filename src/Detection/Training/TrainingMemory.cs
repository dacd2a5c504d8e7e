using System.Runtime.InteropServices;

namespace AEAnomaly.Detection.Training;

/// <summary>Gives back what a training took: the system sees little of it otherwise, since the heap keeps what it may need again.</summary>
internal static class TrainingMemory
{
    /// <summary>Collects and compacts the heap, and returns free memory to the system. Stops all threads for some milliseconds; once a training, not once a batch.</summary>
    public static async Task GiveBackAsync()
    {
        // The method that trained may still be on the stack, with all that it held, until whoever awaited it has gone on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GiveBackNative();
    }

    /// <summary>Collects what was let go of in the midst of a training, beside the other threads: a window as large as all that is still needed.</summary>
    public static void Collect() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);

    /// <summary>Returns free memory of the C library to the system: the Kafka client that read the window had its buffers from there, and the library keeps them.</summary>
    public static void GiveBackNative()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = Trim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // A C library other than glibc (musl) returns memory by itself, and has no such function.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Trim(nuint keep);
}
