using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AEAnomaly.Bench.Quality;

/// <summary>Runs the daemon as a process of its own.</summary>
internal sealed class PaymentDaemon : IAsyncDisposable
{
    private const string Scored = "aeanomaly_records_scored_total";
    private const int LinesShown = 20;
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    private readonly Process _process;
    private readonly Uri _metrics;
    private readonly HttpClient _client = new();
    private readonly ConcurrentQueue<string> _lines = new();

    public PaymentDaemon(Product product, string configuration, IReadOnlyDictionary<string, string> environment)
    {
        var listen = $"http://127.0.0.1:{FreePort().ToString(CultureInfo.InvariantCulture)}";
        _metrics = new Uri(listen + "/metrics");
        var start = product.Command(["run", "--config", configuration], new Dictionary<string, string>(environment) { ["AEANOMALY__HTTP__LISTEN"] = listen });
        _process = Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.");
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Waits until so many records are scored.</summary>
    public async Task ScoredAsync(int records)
    {
        var clock = Stopwatch.StartNew();
        var scored = 0.0;
        for (; clock.Elapsed < Bound; await Task.Delay(AskEvery).ConfigureAwait(false))
        {
            if (_process.HasExited)
                throw Failed($"The daemon ended with exit code {_process.ExitCode}.");
            try
            {
                var text = await _client.GetStringAsync(_metrics).ConfigureAwait(false);
                scored = text.Split('\n').Where(line => line.StartsWith(Scored, StringComparison.Ordinal)).Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
                if (scored >= records)
                    return;
            }
            catch (HttpRequestException)
            {
                // It is still starting.
            }
        }

        throw Failed($"{scored:N0} of {records:N0} records were scored within {Bound.TotalMinutes} minutes.");
    }

    /// <summary>Ends it as an operator does; whatever it had to say to the broker is then said.</summary>
    public async Task StopAsync()
    {
        using (var terminate = Process.Start("kill", [_process.Id.ToString(CultureInfo.InvariantCulture)]))
            await terminate.WaitForExitAsync().ConfigureAwait(false);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        if (_process.ExitCode != 0)
            throw Failed($"The daemon ended with exit code {_process.ExitCode}.");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }

        _process.Dispose();
        _client.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null)
            return;
        _lines.Enqueue(line);
        if (_lines.Count > LinesShown)
            _lines.TryDequeue(out _);
    }

    private InvalidOperationException Failed(string what) => new($"{what} Its last lines:\n{string.Join('\n', _lines)}");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
