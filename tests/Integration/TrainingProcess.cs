using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AEAnomaly.Host.Training;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Finds the training process that a daemon of this process has started, as the system lists it.</summary>
internal static partial class TrainingProcess
{
    /// <summary>The steps of a training that is found here; those of other tests, which run beside, take fewer.</summary>
    public const int Steps = 1_000_000;

    /// <summary>Waits until there is one that trains.</summary>
    /// <returns>Its number.</returns>
    public static async Task<int> FindAsync(DaemonHarness harness)
    {
        int? found = null;
        await Eventually.TrueAsync(
            () => (found = Find()) is not null, DaemonHarness.Bound, "a training process runs", () => $"{harness.Status}, log:\n{harness.Log}");
        return found!.Value;
    }

    /// <summary>Kills it as the system does where memory runs out.</summary>
    public static async Task KillAsync(DaemonHarness harness)
    {
        var number = await FindAsync(harness);
        using var process = Process.GetProcessById(number);
        process.Kill();
    }

    public static bool Runs(int number) => Children().Contains(number);

    private static int? Find() => Children().Select(number => (int?)number).FirstOrDefault();

    private static IEnumerable<int> Children()
    {
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var number) && IsTraining(folder))
                yield return number;
        }
    }

    // A process may end between being listed and being looked at.
    private static bool IsTraining(string folder)
    {
        try
        {
            var words = File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0');
            var status = File.ReadAllText(Path.Combine(folder, "stat"));
            var parent = status[(status.LastIndexOf(')') + 2)..].Split(' ')[1];
            return Array.IndexOf(words, FitWorker.Command) is >= 0 and var command
                && parent == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
                && LongFit().IsMatch(File.ReadAllText(Path.Combine(words[command + 1], "request.json")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"MaxSteps"":\s*1000000\b")]
    private static partial Regex LongFit();
}
