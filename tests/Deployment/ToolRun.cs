using System.Diagnostics;

namespace AEAnomaly.Deployment.Tests;

/// <summary>What a program of others wrote and ended with.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    // Longer than any of them takes on a busy machine.
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public static async Task<ToolRun> OfAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var bound = new CancellationTokenSource(Bound);
        var output = process.StandardOutput.ReadToEndAsync(bound.Token);
        var error = process.StandardError.ReadToEndAsync(bound.Token);
        try
        {
            await process.WaitForExitAsync(bound.Token);
            return new ToolRun(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Bound.TotalMinutes} minutes");
        }
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static async Task<string> OutputOfAsync(string program, params string[] arguments)
    {
        var run = await OfAsync(program, arguments);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: exit code {run.ExitCode}\n{run.Output}\n{run.Error}");
        return run.Output;
    }
}
