using System.Diagnostics;
using System.Text.Json;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Runs one part of the bench as a process of its own; its last line of standard output is its result.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Starts this program again with another command.</summary>
    public static ChildProcess Self(params string[] arguments) =>
        Start(Environment.ProcessPath!, IsSharedHost ? [typeof(ChildProcess).Assembly.Location, .. arguments] : arguments);

    /// <summary>Starts a program.</summary>
    /// <param name="program">Its file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, params IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Reads one line of the process's output as JSON.</summary>
    /// <exception cref="InvalidOperationException">The process ended without one.</exception>
    public async Task<T> ReadAsync<T>()
    {
        var line = await _process.StandardOutput.ReadLineAsync();
        return line is null
            ? throw new InvalidOperationException($"'{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}' ended without a result; see its messages above.")
            : JsonSerializer.Deserialize<T>(line, ResultJson.Options)!;
    }

    /// <summary>Waits for the end of the process.</summary>
    /// <exception cref="InvalidOperationException">Its exit status is not 0.</exception>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        if (_process.ExitCode != 0)
            throw new InvalidOperationException($"'{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}' ended with status {_process.ExitCode}.");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static bool IsSharedHost => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
}
