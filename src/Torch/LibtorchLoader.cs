using System.Globalization;
using System.Runtime.InteropServices;

namespace AEAnomaly.Torch;

/// <summary>Loads libtorch from a folder, and TorchSharp's library onto it.</summary>
/// <remarks>
/// Each library is loaded by its full path before anything of TorchSharp is touched. What is loaded later asks for the others by name, and the system gives it those
/// that are there. TorchSharp's own search prints to standard output when it fails, and copies half a gigabyte beside the program.
/// </remarks>
internal static partial class LibtorchLoader
{
    private const string ThreadsVariable = "OMP_NUM_THREADS";

    /// <summary>Loads everything that there is.</summary>
    /// <param name="folder">Folder of libtorch.</param>
    /// <param name="wrapper">Path of libLibTorchSharp.so.</param>
    /// <param name="threads">Threads of an operation, unless the environment says so already.</param>
    /// <returns>What keeps libtorch from being used at all, and what keeps its GPU half from it; null where nothing does.</returns>
    public static (string? Problem, string? CudaProblem) Load(LibtorchFolder folder, string wrapper, int threads)
    {
        // OpenMP reads it while it is loaded; threads that are started later do not follow torch.set_num_threads. .NET keeps changes of its environment to itself.
        SetEnvironment(ThreadsVariable, threads.ToString(CultureInfo.InvariantCulture), overwrite: 0);

        // Half of one libtorch stays loaded when the rest fails: another folder after this one would mix the two.
        var problem = Load(folder.FileOf("libc10.so"), out _) ?? Load(folder.FileOf("libtorch_cpu.so"), out var libtorch) ?? WrongVersion(libtorch, folder);
        if (problem is not null)
            return (problem, problem);

        var cudaProblem = folder.HasCuda ? Load(folder.FileOf("libc10_cuda.so"), out _) ?? Load(folder.FileOf("libtorch_cuda.so"), out _)
            : folder.NoCuda;

        // libtorch.so needs the GPU half where there is one, so what was wrong with that says more.
        problem = Load(folder.FileOf("libtorch.so"), out _) is { } wrong ? (folder.HasCuda ? cudaProblem ?? wrong : wrong) : Load(wrapper, out _);
        return (problem, problem ?? cudaProblem);
    }

    private static string? Load(string path, out nint handle)
    {
        handle = 0;
        try
        {
            handle = NativeLibrary.Load(path);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            // After advice for Linux in general, the message has what the system's loader said, on a line of its own.
            var reason = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1];
            return reason.Contains(path, StringComparison.Ordinal) ? reason : $"{path}: {reason}";
        }
    }

    // Functions are bound when they are first called: another version would be noticed then, by the end of the process.
    private static unsafe string? WrongVersion(nint libtorch, LibtorchFolder folder)
    {
        var found = "an older one";
        if (NativeLibrary.TryGetExport(libtorch, "aoti_torch_abi_version", out var export))
        {
            // One byte each for major, minor and patch, from the highest.
            var version = ((delegate* unmanaged<ulong>)export)();
            found = $"{version >> 56}.{(version >> 48) & 0xff}.{(version >> 40) & 0xff}";
        }

        return found == TorchLibrary.Version ? null : $"{folder.FileOf("libtorch_cpu.so")}: version {TorchLibrary.Version} is needed, exactly; this is {found}";
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
