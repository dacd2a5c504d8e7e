using System.Diagnostics;
using System.Text.Json;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Integration.Tests;

/// <summary>A real Prometheus server scrapes a working daemon, in both formats.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class PrometheusTests(BrokerFixture brokers)
{
    [RequiresToolFact("prometheus")]
    public async Task Prometheus_ScrapesOpenMetricsAndPlainText_BothUp()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        harness.Write(new MeterReadings(11), DaemonHarness.TrainingRecords);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);

        // Prometheus always asks for OpenMetrics; behind a proxy that drops the Accept header it gets plain text.
        await using var plain = await StartProxyAsync(harness.Address);
        using var folder = new TemporaryFolder();
        var port = FreePorts.Take(1)[0];
        await File.WriteAllTextAsync(folder["prometheus.yml"], $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: open
                static_configs: [{ targets: ['{{new Uri(harness.Address).Authority}}'] }]
              - job_name: plain
                static_configs: [{ targets: ['{{new Uri(plain.Urls.First()).Authority}}'] }]
            """);
        using var prometheus = Process.Start(new ProcessStartInfo(
            "prometheus",
            ["--config.file", folder["prometheus.yml"], "--storage.tsdb.path", folder["data"], "--web.listen-address", $"127.0.0.1:{port}", "--log.level", "error"])
        {
            RedirectStandardError = true,
        })!;
        try
        {
            foreach (var job in new[] { "open", "plain" })
            {
                await Eventually.TrueAsync(() => ValueAsync(port, $$"""up{job="{{job}}"}""", v => v == 1), DaemonHarness.Bound, $"job {job} is up");
                await Eventually.TrueAsync(
                    () => ValueAsync(port, $$"""aeanomaly_records_scored_total{job="{{job}}",detector="meters"}""", v => v == DaemonHarness.TrainingRecords),
                    DaemonHarness.Bound, $"job {job} has the records scored");
            }
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    [RequiresToolFact("promtool")]
    public async Task Promtool_OnAWorkingDaemon_HasNoComplaint()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        var readings = new MeterReadings(12);
        harness.Write(readings, DaemonHarness.TrainingRecords, faulty: 3);
        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 3);
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(harness.Address + "/metrics"));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        var text = await response.Content.ReadAsStringAsync();

        using var promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics") { RedirectStandardInput = true, RedirectStandardError = true })!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var complaints = await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, complaints);
        Assert.Contains("aeanomaly_records_scored_total{detector=\"meters\"} 1503", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OfAWorkingDaemon_AreThoseOfTheDocumentWithTheirTypesAndLabels()
    {
        await using var harness = await DaemonHarness.CreateAsync(brokers.Broker);
        // What is served only where it is asked for.
        harness.Detector.ScoresTopic = harness.Topic + ".scores";
        await harness.Broker.CreateTopicAsync(harness.Detector.ScoresTopic);
        harness.Detector.History = new HistoryOptions { Remember = [new HistoryItem { Count = true }], Repartition = await brokers.Broker.CreateUniqueTopicAsync("copies", 3) };
        var readings = new MeterReadings(13);
        harness.Write(readings, DaemonHarness.TrainingRecords);
        using (var writer = new TopicWriter(harness.Broker, harness.Topic))
        {
            writer.Write("m", "no JSON");
            writer.Write("m", null);
        }

        await harness.StartAsync();
        await harness.ScoredAsync(DaemonHarness.TrainingRecords);
        harness.Write(readings, 0, faulty: 3);
        await harness.ScoredAsync(DaemonHarness.TrainingRecords + 3);
        harness.ReadAlerts([DaemonHarness.TrainingRecords]);
        using var client = new HttpClient();
        var address = new Uri(harness.Address + "/metrics");
        var documented = DescribedMetric.InDocument(await File.ReadAllTextAsync(Path.Combine(TestEnvironment.RepositoryFolder, "docs", "metrics.md")));
        // It shows once it has happened; that its instrument exists is tested beside the document.
        const string Rare = "dotnet_exceptions_total";
        IReadOnlyList<DescribedMetric> served = [];
        await Eventually.TrueAsync(
            async () =>
            {
                served = DescribedMetric.OnPage(await client.GetStringAsync(address));
                return Missing().Length == 0;
            },
            DaemonHarness.Bound, "every metric of the document is served", () => string.Join(", ", Missing()));

        Assert.Equal([], served.Except(documented));

        string[] Missing() => [.. documented.Select(metric => metric.Name).Where(name => name != Rare).Except(served.Select(metric => metric.Name))];
    }

    private static async Task<WebApplication> StartProxyAsync(string target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.Urls.Add("http://127.0.0.1:0");
        application.MapGet("/metrics", async (HttpContext context) =>
        {
            using var client = new HttpClient();
            using var response = await client.GetAsync(new Uri(target + "/metrics"));
            context.Response.ContentType = response.Content.Headers.ContentType!.ToString();
            await context.Response.WriteAsync(await response.Content.ReadAsStringAsync());
        });
        await application.StartAsync();
        return application;
    }

    private static async Task<bool> ValueAsync(int port, string query, Func<double, bool> holds)
    {
        using var client = new HttpClient();
        try
        {
            var body = JsonSerializer.Deserialize<JsonElement>(
                await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/api/v1/query?query={Uri.EscapeDataString(query)}")));
            var result = body.GetProperty("data").GetProperty("result");
            return result.GetArrayLength() == 1
                && holds(double.Parse(result[0].GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture));
        }
        catch (HttpRequestException)
        {
            // It is still starting.
            return false;
        }
    }
}
