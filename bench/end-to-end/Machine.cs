using System.Diagnostics;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Says where and with which sources a measurement was made.</summary>
internal static class Machine
{
    /// <summary>Gets the name of the processor and the number of cores.</summary>
    public static string Processor { get; } = $"{ReadProcessor()}, {Environment.ProcessorCount} cores";

    /// <summary>Gets the commit of the checkout in the current directory, or "unknown".</summary>
    public static string Commit { get; } = ReadCommit();

    /// <summary>Gets the mean number of runnable threads of the last 1, 5 and 15 minutes.</summary>
    public static string Load => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ')[..3]);

    private static string ReadProcessor()
    {
        var fields = File.ReadLines("/proc/cpuinfo").TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim());
        return $"{fields.GetValueOrDefault("model name", "unknown processor")} (family {fields.GetValueOrDefault("cpu family", "?")}, model {fields.GetValueOrDefault("model", "?")})";
    }

    private static string ReadCommit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true });
        var commit = git?.StandardOutput.ReadToEnd().Trim();
        git?.WaitForExit();
        return string.IsNullOrEmpty(commit) ? "unknown" : commit;
    }
}
