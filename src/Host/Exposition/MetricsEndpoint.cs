using Prometheus;

namespace AEAnomaly.Host.Exposition;

/// <summary>Serves /metrics, in the format the scraper asks for: Prometheus text or OpenMetrics.</summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, MetricCollector collector) =>
        routes.MapMetrics(settings => settings.Registry = collector.Registry);
}
