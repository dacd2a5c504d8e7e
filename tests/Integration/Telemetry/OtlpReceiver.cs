using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AEAnomaly.Integration.Tests.Telemetry;

/// <summary>Takes what is sent by OpenTelemetry's protocol, by gRPC or by HTTP, as a collector does.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    // A byte that tells of compression, and the length.
    private const int GrpcPrefix = 5;

    private readonly WebApplication _application;

    private OtlpReceiver(WebApplication application) => _application = application;

    public string Address => _application.Urls.First();

    public ConcurrentDictionary<string, bool> Metrics { get; } = new();

    public ConcurrentBag<SentSpan> Spans { get; } = [];

    /// <summary>Gets the values of the header "x-tenant" that came along.</summary>
    public ConcurrentDictionary<string, bool> Tenants { get; } = new();

    public static async Task<OtlpReceiver> StartAsync(bool isGrpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var receiver = new OtlpReceiver(builder.Build());
        receiver._application.MapPost("/v1/metrics", context => receiver.TakeAsync(context, 0, receiver.TakeMetrics));
        receiver._application.MapPost("/v1/traces", context => receiver.TakeAsync(context, 0, receiver.TakeSpans));
        receiver._application.MapPost("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", context => receiver.TakeAsync(context, GrpcPrefix, receiver.TakeMetrics));
        receiver._application.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", context => receiver.TakeAsync(context, GrpcPrefix, receiver.TakeSpans));
        await receiver._application.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    private async Task TakeAsync(HttpContext context, int prefix, Action<ProtocolFields> take)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        take(new ProtocolFields(body.GetBuffer().AsSpan(prefix, (int)body.Length - prefix)));
        Tenants[context.Request.Headers["x-tenant"].ToString()] = true;
        if (prefix == 0)
        {
            context.Response.ContentType = "application/x-protobuf";
            return;
        }

        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[GrpcPrefix]);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    // resource_metrics, scope_metrics, metrics.
    private void TakeMetrics(ProtocolFields request)
    {
        foreach (var metric in request.At(1, 2, 2))
            Metrics[metric.Text(1)] = true;
    }

    // resource_spans, scope_spans, spans.
    private void TakeSpans(ProtocolFields request)
    {
        foreach (var span in request.At(1, 2, 2))
            Spans.Add(new SentSpan(span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), [.. span.At(13).Select(link => link.Hex(2))]));
    }
}
