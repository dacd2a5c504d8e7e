using System.Runtime.InteropServices;

namespace AEAnomaly.Detection.Training;

/// <summary>Runs a training on a thread of its own, so that it takes no pool thread from the stream and yields to it.</summary>
internal static class TrainingThread
{
    // The scheduler then gives a busy scoring thread about nine times the share.
    private const int Niceness = 10;

    public static Task<T> RunAsync<T>(string name, Func<T> work)
    {
        // Continuations must not run on the low-priority thread.
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(work, result)) { Name = name, IsBackground = true, Priority = ThreadPriority.Lowest };
        thread.Start();
        return result.Task;
    }

    private static void Run<T>(Func<T> work, TaskCompletionSource<T> result)
    {
        LowerPriority();
        try
        {
            result.SetResult(work());
        }
        catch (OperationCanceledException e)
        {
            result.SetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            // Nothing is swallowed: whoever awaits the task gets it.
            result.SetException(e);
        }
    }

    // The runtime ignores Thread.Priority on Linux. There nice concerns the calling thread only, and raising one's niceness needs no privilege.
    private static void LowerPriority()
    {
        if (OperatingSystem.IsLinux())
            _ = Nice(Niceness);
    }

    [DllImport("libc", EntryPoint = "nice")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Nice(int increment);
}
