using System.Diagnostics;
using System.Text.Json;

namespace AEAnomaly.Bench.Quality;

/// <summary>Runs the program as a user would, one process a command.</summary>
internal sealed class Product(string program)
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    private readonly string _program = Path.GetFullPath(program);

    /// <summary>Says how a command is started; its output is redirected.</summary>
    /// <param name="arguments">Words of the command line.</param>
    /// <param name="environment">Variables that it gets besides.</param>
    public ProcessStartInfo Command(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = _program.EndsWith(".dll", StringComparison.Ordinal) ? new ProcessStartInfo("dotnet", [_program, .. arguments]) : new ProcessStartInfo(_program, arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">Words of the command line.</param>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; holds what it said.</exception>
    public Task<string> RunAsync(params IReadOnlyList<string> arguments) => RunAsync(NoEnvironment, arguments);

    /// <summary>Runs <c>evaluate</c> and reads its figures.</summary>
    public Task<JsonElement> EvaluateAsync(params IReadOnlyList<string> arguments) => EvaluateAsync(NoEnvironment, arguments);

    /// <summary>Runs <c>evaluate</c> with variables of the environment and reads its figures.</summary>
    public async Task<JsonElement> EvaluateAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> arguments)
    {
        var output = await RunAsync(environment, ["evaluate", "--output", "json", .. arguments]).ConfigureAwait(false);
        using var json = JsonDocument.Parse(output.AsMemory(output.LastIndexOf('{')));
        return json.RootElement.Clone();
    }

    private async Task<string> RunAsync(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> arguments)
    {
        var start = Command(arguments, environment);
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{_program}' did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{arguments[0]} ended with exit code {process.ExitCode}: {(await errors.ConfigureAwait(false)).Trim()}");
    }
}
