using System.Reflection;

namespace AEAnomaly.Torch;

/// <summary>Names a folder that may hold libtorch.</summary>
/// <param name="Path">Full path.</param>
/// <param name="Origin">Why it is looked at.</param>
internal sealed record LibtorchFolder(string Path, string Origin)
{
    private const string CudaName = "libtorch_cuda.so";
    private const string PackagesVariable = "NUGET_PACKAGES";

    /// <summary>Gets whether the main library lies there.</summary>
    public bool HasLibtorch => File.Exists(FileOf("libtorch_cpu.so"));

    /// <summary>Gets whether its half for NVIDIA GPUs lies there.</summary>
    public bool HasCuda => File.Exists(FileOf(CudaName));

    /// <summary>Gets what is said where it does not.</summary>
    public string NoCuda => $"{FileOf(CudaName)} is not there: this libtorch is built for processors only";

    /// <summary>Lists where to look, in this order; a folder that the user names is the only one, so that a slip of the pen is not taken for "no GPU".</summary>
    /// <param name="named">What <see cref="TorchFiles.FolderVariable"/> holds, null or empty when it is unset.</param>
    /// <param name="program">Folder of the program.</param>
    public static IReadOnlyList<LibtorchFolder> Candidates(string? named, string program)
    {
        if (!string.IsNullOrWhiteSpace(named))
            return [new LibtorchFolder(System.IO.Path.GetFullPath(named), TorchFiles.FolderVariable)];

        var packages = Environment.GetEnvironmentVariable(PackagesVariable);
        if (string.IsNullOrEmpty(packages))
            packages = System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return
        [
            new LibtorchFolder(System.IO.Path.Combine(program, "torch"), "beside the program"),
            new LibtorchFolder(System.IO.Path.Combine(packages, BuildFact("LibtorchPackageFolder")), "restored packages"),
        ];
    }

    /// <summary>Reads what the build noted in the assembly, say the version of libtorch that TorchSharp was built for.</summary>
    public static string BuildFact(string name) =>
        typeof(LibtorchFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(fact => fact.Key == name).Value!;

    public string FileOf(string name) => System.IO.Path.Combine(Path, name);

    public override string ToString() => $"{Path} ({Origin})";
}
