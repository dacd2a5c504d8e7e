namespace AEAnomaly.Torch;

/// <summary>Tells where the native files are, without loading any: what is loaded stays in a process for good, with hundreds of megabytes.</summary>
public sealed class TorchFiles
{
    /// <summary>Environment variable with the folder to take libtorch from, and from nowhere else: say site-packages/torch/lib of a Python install, for its GPU half.</summary>
    public const string FolderVariable = "AEANOMALY_TORCH";

    private TorchFiles(string wrapper, LibtorchFolder? folder, string? problem)
    {
        Wrapper = wrapper;
        Libtorch = folder;
        Problem = problem;
    }

    /// <summary>Gets the folder of libtorch, null when it was not found.</summary>
    public string? Folder => Libtorch?.Path;

    /// <summary>Gets what is missing, with every folder looked at; null when nothing is.</summary>
    public string? Problem { get; }

    /// <summary>Gets whether libtorch's half for NVIDIA GPUs is there.</summary>
    public bool HasCuda => Libtorch is { HasCuda: true };

    /// <summary>Gets what is missing for an NVIDIA GPU; null when nothing is.</summary>
    public string? CudaProblem => Problem ?? (HasCuda ? null : Libtorch!.NoCuda);

    internal string Wrapper { get; }

    internal LibtorchFolder? Libtorch { get; }

    /// <summary>Looks into the folder that <see cref="FolderVariable"/> names or, without it, into <c>torch</c> beside the program and the restored packages of a checkout.</summary>
    public static TorchFiles Find() => Find(
        LibtorchFolder.Candidates(Environment.GetEnvironmentVariable(FolderVariable), AppContext.BaseDirectory),
        Path.Combine(AppContext.BaseDirectory, "torch", "libLibTorchSharp.so"));

    internal static TorchFiles Find(IReadOnlyList<LibtorchFolder> folders, string wrapper)
    {
        var folder = folders.FirstOrDefault(candidate => candidate.HasLibtorch);
        var problem = !File.Exists(wrapper) ? $"{wrapper} is missing: it comes with builds on Linux for x64 only"
            : folder is null ? $"there is no libtorch_cpu.so in {string.Join(", nor in ", folders)}; build with -p:WithTorch=true, or name its folder in {FolderVariable}"
            : null;
        return new TorchFiles(wrapper, folder, problem);
    }
}
