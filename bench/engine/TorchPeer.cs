using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AEAnomaly.Bench.Engine;

/// <summary>Talks to torch_peer.py: one thread, the fastest kernels its libraries have for this processor.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly Process _process;

    private TorchPeer(Process process, TorchGreeting greeting)
    {
        _process = process;
        Greeting = greeting;
    }

    /// <summary>Gets what the peer said of itself.</summary>
    public TorchGreeting Greeting { get; }

    /// <summary>Starts the peer.</summary>
    /// <param name="python">Interpreter.</param>
    /// <param name="script">Path of torch_peer.py.</param>
    /// <param name="problem">Why there is no peer, or null.</param>
    /// <returns>The peer, or null.</returns>
    public static TorchPeer? Start(string python, string script, out string? problem)
    {
        var start = new ProcessStartInfo(python, [script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        // OpenBLAS of Debian 12 does not know newer processors and would fall back to SSE3 kernels: 4 to 6 times slower, and no fair peer.
        start.Environment["OPENBLAS_CORETYPE"] = "SkylakeX";
        start.Environment["OMP_NUM_THREADS"] = "1";
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            problem = null;
            if (process.StandardOutput.ReadLine() is { } line)
            {
                var peer = new TorchPeer(process, JsonSerializer.Deserialize<TorchGreeting>(line, Machine.Json)!);
                if (peer.Greeting.Blas is not null)
                    return peer;

                peer.Dispose();
                problem = $"PyTorch of '{python}' does not multiply with OpenBLAS (Debian: install libopenblas0-pthread); slower libraries would flatter us";
                return null;
            }

            problem = $"'{python} {script}' ended: {process.StandardError.ReadToEnd().Trim().Split('\n')[^1]}";
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            problem = $"'{python}' cannot be started: {e.Message}";
        }

        process?.Dispose();
        return null;
    }

    /// <summary>Measures one slice of one piece of work.</summary>
    /// <returns>Seconds of processor time of one call.</returns>
    /// <exception cref="InvalidOperationException">The peer ended.</exception>
    public double Measure(PeerWork work, string mode, double seconds)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work.Work} {work.Network.Layers} {work.Batch} {mode} {seconds}"));
        _process.StandardInput.Flush();
        var line = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"The PyTorch peer ended during '{work.Work} {work.Network.Layers} {work.Batch} {mode}': {_process.StandardError.ReadToEnd()}");
        return JsonDocument.Parse(line).RootElement.GetProperty("secondsPerCall").GetDouble();
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
