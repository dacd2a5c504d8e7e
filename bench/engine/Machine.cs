using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AEAnomaly.Bench.Engine;

/// <summary>Says where and with which sources a measurement was made.</summary>
internal static class Machine
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Gets the name of the processor and the number of cores.</summary>
    public static string Processor { get; } = $"{ReadProcessor()}, {Environment.ProcessorCount} cores";

    /// <summary>Gets how many threads wanted to run over the last minute, on Linux; null elsewhere.</summary>
    public static double? LoadAverage =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;

    /// <summary>Gets the commit of the checkout in the current directory, or "unknown".</summary>
    public static string Commit { get; } = ReadCommit();

    private static string ReadProcessor()
    {
        const string Path = "/proc/cpuinfo";
        if (!File.Exists(Path))
            return "unknown processor";

        var fields = File.ReadLines(Path).TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0].Trim(), parts => parts[1].Trim());
        return $"{fields.GetValueOrDefault("model name", "unknown")} (family {fields.GetValueOrDefault("cpu family", "?")}, model {fields.GetValueOrDefault("model", "?")})";
    }

    private static string ReadCommit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD") { RedirectStandardOutput = true });
        var commit = git?.StandardOutput.ReadToEnd().Trim();
        git?.WaitForExit();
        return string.IsNullOrEmpty(commit) ? "unknown" : commit;
    }
}
