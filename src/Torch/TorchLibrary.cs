using System.Runtime.CompilerServices;
using TorchSharp;

namespace AEAnomaly.Torch;

/// <summary>Tells whether libtorch could be loaded into this process, from where, and whether it reaches a GPU.</summary>
/// <remarks>
/// A process holds one libtorch for good: what the first call of <see cref="Load(int)"/> loads, and the threads it asks for, stay as they are. Native code that still runs on
/// another thread while the process exits crashes it, so training threads are joined first; some errors inside of libtorch end the process. A process of its
/// own for training is the place for it.
/// </remarks>
public sealed class TorchLibrary
{
    private TorchLibrary(string? folder, string? problem, string? cudaProblem, string? gpuName)
    {
        Folder = folder;
        Problem = problem;
        CudaProblem = cudaProblem;
        GpuName = gpuName;
    }

    /// <summary>Gets the version of libtorch that is needed, say 2.10.0: exactly this one.</summary>
    public static string Version { get; } = LibtorchFolder.BuildFact("LibtorchVersion");

    /// <summary>Gets whether libtorch is loaded.</summary>
    public bool IsAvailable => Problem is null;

    /// <summary>Gets the folder that libtorch was loaded from, null when it was not.</summary>
    public string? Folder { get; }

    /// <summary>Gets why libtorch is not loaded: the folders looked at, or the words of the system's loader; null when it is.</summary>
    public string? Problem { get; }

    /// <summary>Gets whether libtorch reaches a GPU.</summary>
    public bool HasCuda => CudaProblem is null;

    /// <summary>Gets why there is no GPU to be had, null when there is one.</summary>
    public string? CudaProblem { get; }

    /// <summary>Gets the name of the GPU; null without one, or when its driver does not tell.</summary>
    public string? GpuName { get; }

    /// <summary>Loads libtorch, if it is not loaded yet, from where <see cref="TorchFiles.Find()"/> finds it.</summary>
    /// <param name="threads">Threads that one operation on the processor may use, 1 or more; OMP_NUM_THREADS in the process's environment goes first.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    public static TorchLibrary Load(int threads) => Load(TorchFiles.Find(), threads);

    internal static TorchLibrary Load(TorchFiles files, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        if (files.Problem is { } missing)
            return new TorchLibrary(null, missing, missing, null);

        var (problem, cudaProblem) = LibtorchLoader.Load(files.Libtorch!, files.Wrapper, threads);
        if (problem is not null)
            return new TorchLibrary(null, $"libtorch from {files.Libtorch} cannot be loaded: {problem}", cudaProblem, null);
        if (cudaProblem is null && !ReachesGpu())
            cudaProblem = $"libtorch from {files.Libtorch} finds no GPU that it can use: is there an NVIDIA driver, and may this process use it?";
        return new TorchLibrary(files.Folder, null, cudaProblem, cudaProblem is null ? CudaDriver.FirstDeviceName() : null);
    }

    // A method of its own: TorchSharp may be touched only after everything is loaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool ReachesGpu() => torch.cuda.is_available();
}
