using System.Diagnostics;
using System.Text.Json;

namespace AEAnomaly.Bench.Quality;

/// <summary>Runs the program as a user would, one process a command.</summary>
internal sealed class Product(string program)
{
    private readonly string _program = Path.GetFullPath(program);

    /// <summary>Says how a command is started; its standard output is redirected.</summary>
    public ProcessStartInfo Command(IReadOnlyList<string> arguments) => _program.EndsWith(".dll", StringComparison.Ordinal)
        ? new ProcessStartInfo("dotnet", [_program, .. arguments]) { RedirectStandardOutput = true }
        : new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true };

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">Words of the command line.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; holds what it said.</exception>
    public async Task<string> RunAsync(params IReadOnlyList<string> arguments)
    {
        var start = Command(arguments);
        start.RedirectStandardError = true;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{_program}' did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{arguments[0]} ended with exit code {process.ExitCode}: {(await errors.ConfigureAwait(false)).Trim()}");
    }

    /// <summary>Runs <c>evaluate</c> and reads its figures.</summary>
    public async Task<JsonElement> EvaluateAsync(params IReadOnlyList<string> arguments)
    {
        var output = await RunAsync(["evaluate", "--output", "json", .. arguments]).ConfigureAwait(false);
        using var json = JsonDocument.Parse(output.AsMemory(output.LastIndexOf('{')));
        return json.RootElement.Clone();
    }
}
