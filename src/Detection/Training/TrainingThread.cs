using System.Runtime.InteropServices;

namespace AEAnomaly.Detection.Training;

/// <summary>Runs a training on a thread of its own, so that it takes no pool thread from the stream and yields to it.</summary>
/// <remarks>
/// On Linux a new thread inherits the niceness of the one that starts it. The worker must therefore never hand work to the thread pool, which would start a pool
/// thread that stays slow for good: a second thread of normal priority waits for the worker and passes the result on.
/// </remarks>
internal static class TrainingThread
{
    // The scheduler then gives a busy scoring thread about nine times the share.
    private const int Niceness = 10;

    /// <summary>Runs work; what it throws, the awaiter gets.</summary>
    public static Task<T> RunAsync<T>(string name, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiter = new Thread(() =>
        {
            Action<TaskCompletionSource<T>>? report = null;
            var worker = new Thread(() => report = Run(work)) { Name = name, IsBackground = true, Priority = ThreadPriority.Lowest };
            worker.Start();
            worker.Join();
            report!(result);
        })
        { Name = name + " (waits)", IsBackground = true };
        waiter.Start();
        return result.Task;
    }

    private static Action<TaskCompletionSource<T>> Run<T>(Func<T> work)
    {
        LowerPriority();
        try
        {
            var value = work();
            return result => result.SetResult(value);
        }
        catch (OperationCanceledException e)
        {
            return result => result.SetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            return result => result.SetException(e);
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
