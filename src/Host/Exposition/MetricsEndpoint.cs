using Prometheus;

namespace AEAnomaly.Host.Exposition;

/// <summary>Serves /metrics, in the format the scraper asks for: Prometheus text or OpenMetrics.</summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, MetricCollector collector) =>
        routes.MapGet("/metrics", routes.CreateApplicationBuilder()
            // Not as a callback of the registry: prometheus-net would swallow an instrument's exception and serve what it said before.
            .Use(next => context =>
            {
                collector.Observe();
                return next(context);
            })
            .UseMetricServer(settings => settings.Registry = collector.Registry, url: null)
            .Build());
}
