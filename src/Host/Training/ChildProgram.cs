using System.Diagnostics;

namespace AEAnomaly.Host.Training;

/// <summary>Names the program that a training process runs.</summary>
/// <param name="File">Executable.</param>
/// <param name="Arguments">Arguments before those of the fit.</param>
/// <param name="Priority">How it shares the processors with what else runs here.</param>
internal sealed record ChildProgram(string File, IReadOnlyList<string> Arguments, FitPriority Priority = FitPriority.Normal)
{
    /// <summary>Gets this very program: by its own executable, or by the runtime that runs its assembly.</summary>
    public static ChildProgram Self { get; } = FindSelf();

    /// <summary>Gets this very program, for a fit that must not take from the records that are scored meanwhile.</summary>
    public static ChildProgram BesideScoring { get; } = Self with { Priority = FitPriority.Low };

    public ProcessStartInfo StartInfo(params string[] arguments) => new(File, [.. Arguments, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static ChildProgram FindSelf()
    {
        var assembly = typeof(ChildProgram).Assembly.Location;
        var process = Environment.ProcessPath ?? "";
        return Path.GetFileNameWithoutExtension(process) switch
        {
            var name when name == Path.GetFileNameWithoutExtension(assembly) => new ChildProgram(process, []),
            "dotnet" => new ChildProgram(process, [assembly]),
            // Hosted by another program, as a test runner is: the runtime is found as a shell would find it.
            _ => new ChildProgram("dotnet", [assembly]),
        };
    }
}
