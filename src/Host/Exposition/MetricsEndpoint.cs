namespace AEAnomaly.Host.Exposition;

/// <summary>Serves /metrics, in the format the scraper asks for.</summary>
internal static class MetricsEndpoint
{
    public static void Map(IEndpointRouteBuilder routes, MetricCollector collector) =>
        routes.MapGet("/metrics", (HttpContext context) =>
        {
            var format = ExpositionWriter.Negotiate(context.Request.Headers.Accept.ToString());
            return Results.Text(
                ExpositionWriter.Write(collector, format),
                format == ExpositionFormat.OpenMetrics ? ExpositionWriter.OpenMetricsContentType : ExpositionWriter.PrometheusContentType);
        });
}
