using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using AEAnomaly.TestKit;

namespace AEAnomaly.Deployment.Tests.Dashboards;

/// <summary>A real Prometheus server that scrapes one address each second and evaluates the rules of this repository.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client;
    private readonly Process _process;

    public PrometheusServer(string target, string rules)
    {
        var port = FreePorts.Take(1)[0];
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}/api/v1/") };
        var configuration = _folder.Write("prometheus.yml", $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }
            rule_files: ['{{rules}}']
            scrape_configs:
              - job_name: aeanomaly
                static_configs: [{ targets: ['{{target}}'] }]
            """);
        _process = Process.Start(new ProcessStartInfo(
            "prometheus", ["--config.file", configuration, "--storage.tsdb.path", _folder["data"], "--web.listen-address", $"127.0.0.1:{port}", "--log.level", "error"])
        {
            RedirectStandardError = true,
        })!;
    }

    /// <summary>Runs a query over the last minute, as a panel does.</summary>
    /// <returns>The series: labels, and the values that are numbers.</returns>
    public async Task<IReadOnlyList<(JsonObject Labels, double[] Values)>> QueryAsync(string query)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var data = await GetAsync($"query_range?query={Uri.EscapeDataString(query)}&start={now - 60}&end={now}&step=1");
        return [.. data["result"]!.AsArray().Select(series => (
            series!["metric"]!.AsObject(),
            series["values"]!.AsArray().Select(pair => double.Parse((string)pair![1]!, CultureInfo.InvariantCulture)).Where(value => !double.IsNaN(value)).ToArray()))];
    }

    /// <summary>Lists the values of a label.</summary>
    public async Task<IReadOnlyList<string>> LabelValuesAsync(string label, string selector) =>
        [.. ((JsonArray)await GetAsync($"label/{label}/values?match[]={Uri.EscapeDataString(selector)}")).Select(value => (string)value!)];

    /// <summary>Lists the rules that could not be evaluated.</summary>
    public async Task<IReadOnlyList<string>> RuleErrorsAsync() =>
        [.. (await GetAsync("rules"))["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).Where(rule => (string?)rule!["health"] == "err").Select(rule => $"{rule!["name"]}: {rule["lastError"]}")];

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
        _folder.Dispose();
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        JsonNode? answer = null;
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    answer = JsonNode.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative)));
                    return true;
                }
                catch (HttpRequestException exception) when (exception.StatusCode is null or System.Net.HttpStatusCode.ServiceUnavailable)
                {
                    // It has not started yet.
                    return false;
                }
            },
            DaemonBound, $"Prometheus answers {path}");
        Assert.Equal("success", (string?)answer!["status"]);
        return answer["data"]!;
    }

    private static TimeSpan DaemonBound => TimeSpan.FromSeconds(60);
}
