using System.Net;
using AEAnomaly.Detection.Registry;
using AEAnomaly.TestKit;

namespace AEAnomaly.Host.Tests.Exposition;

public sealed class MetricsEndpointTests : IAsyncLifetime
{
    private MetricsServer _server = null!;

    public async Task InitializeAsync() => _server = await MetricsServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(null, false)]
    [InlineData("text/html", false)]
    [InlineData("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2", true)]
    [InlineData("application/openmetrics-text;q=0.2,text/plain;q=0.9", false)]
    public async Task Get_AcceptHeader_ChoosesWhatTheClientPrefers(string? accept, bool openMetrics)
    {
        using var response = await _server.AskAsync(accept);

        Assert.Equal(
            openMetrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8",
            response.Content.Headers.ContentType?.ToString());
        Assert.Equal(openMetrics, (await response.Content.ReadAsStringAsync()).EndsWith("# EOF\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Get_MetersOfLibraries_AreNotServed()
    {
        // The web server measures the first request, and prometheus-net has metrics of its own and of the process.
        await _server.PageAsync();

        var families = DescribedMetric.OnPage(await _server.PageAsync()).Select(metric => metric.Name).ToArray();

        Assert.Contains("dotnet_gc_collections_total", families);
        Assert.Equal(["aeanomaly_build_info", "aeanomaly_metrics_dropped_measurements_total"], families.Where(name => !name.StartsWith("dotnet_", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task Get_BuildInfo_NamesTheProgram()
    {
        var line = Assert.Single((await _server.PageAsync()).Split('\n'), line => line.StartsWith("aeanomaly_build_info{", StringComparison.Ordinal));

        Assert.Equal($"aeanomaly_build_info{{version=\"{ProgramVersion.Number}\",revision=\"{ProgramVersion.Revision}\",runtime=\"{Environment.Version}\"}} 1", line);
        Assert.Matches(@"^\d+\.\d+\.\d+$", ProgramVersion.Number);
        Assert.Matches("^([0-9a-f]{40}|unknown)$", ProgramVersion.Revision);
    }

    [Fact]
    public async Task Get_InstrumentThatThrows_FailsTheScrapeAndTheNextOneIsWhole()
    {
        var isBroken = true;
        _server.Meter.CreateObservableGauge("aeanomaly.test.broken", () => isBroken ? throw new InvalidOperationException("no value") : 1);

        using var response = await _server.AskAsync(null);
        isBroken = false;

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("aeanomaly_test_broken 1", await _server.LinesAsync("aeanomaly_test_broken"));
    }

    [Fact]
    public async Task Get_WhileManyThreadsMeasure_LosesNothing()
    {
        var counter = _server.Meter.CreateCounter<long>("aeanomaly.test.shared");
        var histogram = _server.Meter.CreateHistogram<double>("aeanomaly.test.wait");
        var scrapes = Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
                await _server.PageAsync();
        });
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 2000; i++)
            {
                counter.Add(1, new KeyValuePair<string, object?>("i", i % 10));
                histogram.Record(0.25);
            }
        });
        await scrapes;

        var samples = (await _server.LinesAsync("aeanomaly_test_shared_total")).Where(line => !line.StartsWith('#'));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"aeanomaly_test_shared_total{{i=\"{i}\"}} 1600"), samples.Order(StringComparer.Ordinal));
        var lines = await _server.LinesAsync("aeanomaly_test_wait");
        Assert.Contains("aeanomaly_test_wait_sum 4000", lines);
        Assert.Contains("aeanomaly_test_wait_count 16000", lines);
        Assert.Contains("aeanomaly_test_wait_bucket{le=\"0.25\"} 16000", lines);
    }
}
