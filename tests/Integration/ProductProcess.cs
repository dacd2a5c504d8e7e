using System.Diagnostics;
using System.Net;
using AEAnomaly.TestKit;

namespace AEAnomaly.Integration.Tests;

/// <summary>Runs the built executable as a process of its own, as an operator's service manager does.</summary>
internal sealed class ProductProcess : IDisposable
{
    private readonly Process _process;
    private readonly List<string> _errorLines = [];
    private readonly List<string> _outputLines = [];

    private ProductProcess(Process process) => _process = process;

    /// <summary>Gets what it wrote to standard error so far.</summary>
    public IReadOnlyList<string> ErrorLines => Copy(_errorLines);

    /// <summary>Gets what it wrote to standard output so far.</summary>
    public IReadOnlyList<string> OutputLines => Copy(_outputLines);

    /// <summary>Starts <c>aeanomaly</c>, which the build lays beside the tests.</summary>
    /// <param name="folder">Working directory.</param>
    /// <param name="variables">Environment variables added.</param>
    /// <param name="arguments">Command line.</param>
    public static ProductProcess Start(string folder, (string Name, string Value)[] variables, params string[] arguments) =>
        StartCommand("dotnet", folder, variables, [Path.Combine(AppContext.BaseDirectory, "aeanomaly.dll"), .. arguments]);

    /// <summary>Starts the product by a command of the test's own.</summary>
    /// <param name="command">Program.</param>
    /// <param name="folder">Working directory.</param>
    /// <param name="variables">Environment variables added.</param>
    /// <param name="arguments">Arguments.</param>
    public static ProductProcess StartCommand(string command, string folder, (string Name, string Value)[] variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var product = new ProductProcess(new Process { StartInfo = start });
        product._process.ErrorDataReceived += (_, line) => Note(product._errorLines, line.Data);
        product._process.OutputDataReceived += (_, line) => Note(product._outputLines, line.Data);
        product._process.Start();
        product._process.BeginErrorReadLine();
        product._process.BeginOutputReadLine();
        return product;
    }

    /// <summary>Waits until it logs an event.</summary>
    public Task LogsAsync(int eventId, TimeSpan bound) => Eventually.TrueAsync(
        () => ErrorLines.Any(line => line.Contains($"\"EventId\":{eventId},", StringComparison.Ordinal)), bound, $"it logs {eventId}", () => string.Join('\n', ErrorLines));

    /// <summary>Waits until an address answers 200.</summary>
    public async Task AnswersAsync(string address, TimeSpan bound)
    {
        using var client = new HttpClient();
        var last = "nothing yet";
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(_process.HasExited, $"it ended:\n{string.Join('\n', ErrorLines)}");
                try
                {
                    using var response = await client.GetAsync(new Uri(address));
                    last = await response.Content.ReadAsStringAsync();
                    return response.StatusCode == HttpStatusCode.OK;
                }
                catch (HttpRequestException exception)
                {
                    last = exception.Message;
                    return false;
                }
            },
            bound, $"{address} answers 200", () => $"{last}\n{string.Join('\n', ErrorLines)}");
    }

    /// <summary>Lists the files whose name holds a text that the process has mapped into its memory.</summary>
    public string[] MappedFiles(string part) =>
    [
        .. File.ReadLines($"/proc/{_process.Id}/maps")
            .Where(line => line.Contains('/', StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .Where(path => Path.GetFileName(path).Contains(part, StringComparison.Ordinal))
            .Distinct(),
    ];

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It runs on beyond the bound.</exception>
    public async Task<int> EndsAsync(TimeSpan bound)
    {
        using var deadline = new CancellationTokenSource(bound);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the process still runs after {bound.TotalSeconds:0} s:\n{string.Join('\n', ErrorLines)}");
        }

        return _process.ExitCode;
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Posix.SendSignal(_process.Id, signal));

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It runs on beyond the bound.</exception>
    public async Task<int> TerminateAsync(TimeSpan bound)
    {
        Signal(Posix.Terminate);
        return await EndsAsync(bound);
    }

    /// <summary>Sends SIGKILL and waits for the end.</summary>
    public async Task KillAsync()
    {
        Assert.False(_process.HasExited, $"it ended before it was killed:\n{string.Join('\n', ErrorLines)}");
        Assert.Equal(0, Posix.SendSignal(_process.Id, Posix.Kill));
        await EndsAsync(TimeSpan.FromSeconds(10));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string[] Copy(List<string> lines)
    {
        lock (lines)
            return [.. lines];
    }

    private static void Note(List<string> lines, string? line)
    {
        if (line is null)
            return;
        lock (lines)
            lines.Add(line);
    }
}
