using System.Diagnostics.Metrics;
using AEAnomaly.Host.Exposition;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Host.Tests.Exposition;

/// <summary>Serves /metrics as the daemon does, with instruments of a test.</summary>
internal sealed class MetricsServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly HttpClient _client;

    private MetricsServer(WebApplication application, MetricCollector collector)
    {
        _application = application;
        _client = new HttpClient { BaseAddress = new Uri(application.Urls.First()) };
        Collector = collector;
        Meter = Meters.Create("AEAnomaly.Test");
    }

    public MetricCollector Collector { get; }

    public IMeterFactory Meters => _application.Services.GetRequiredService<IMeterFactory>();

    /// <summary>Gets a meter whose instruments are served.</summary>
    public Meter Meter { get; }

    public static async Task<MetricsServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddMetrics();
        var application = builder.Build();
        var collector = new MetricCollector(application.Services.GetRequiredService<IMeterFactory>());
        MetricsEndpoint.Map(application, collector);
        await application.StartAsync();
        return new MetricsServer(application, collector);
    }

    public async Task<HttpResponseMessage> AskAsync(string? accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await _client.SendAsync(request);
    }

    public async Task<string> PageAsync(bool openMetrics = false)
    {
        using var response = await AskAsync(openMetrics ? "application/openmetrics-text" : null);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Gets the lines of the page that name a family.</summary>
    public async Task<string[]> LinesAsync(string family, bool openMetrics = false) =>
        [.. (await PageAsync(openMetrics)).Split('\n').Where(line => line.Contains(family, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
        Collector.Dispose();
    }
}
