using AEAnomaly.Detection.Lifecycle;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Ingest.Kafka;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace AEAnomaly.Host.Exposition;

/// <summary>Sends metrics and traces to a collector, where the configuration names one.</summary>
internal sealed class OtlpExport : IDisposable
{
    private readonly MeterProvider? _meters;
    private readonly TracerProvider? _tracers;

    private OtlpExport(OtlpOptions options)
    {
        var resource = ResourceBuilder.CreateDefault()
            .AddService("aeanomaly", serviceVersion: ProgramVersion.Number, autoGenerateServiceInstanceId: false, serviceInstanceId: Environment.MachineName);
        if (options.Metrics)
        {
            _meters = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(DetectionMetrics.MeterName, IngestMetrics.MeterName, HostMetrics.MeterName, MetricCollector.RuntimeMeter)
                .AddOtlpExporter((exporter, reader) =>
                {
                    Configure(exporter, options, "v1/metrics");
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)options.Every.TotalMilliseconds;
                })
                .Build();
        }

        if (options.Traces)
        {
            _tracers = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(resource)
                .AddSource(IngestTraces.SourceName)
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)))
                .AddOtlpExporter(exporter => Configure(exporter, options, "v1/traces"))
                .Build();
        }
    }

    /// <summary>Begins to send; null where there is no collector.</summary>
    public static OtlpExport? Start(OtlpOptions options) => options.Endpoint is null ? null : new OtlpExport(options);

    /// <summary>Sends what is left and ends; of a collector that does not answer it waits five seconds at most, for both at once.</summary>
    public void Dispose() => Parallel.Invoke(() => _tracers?.Dispose(), () => _meters?.Dispose());

    // An address that is set by hand is taken as it is, so the path is added here.
    private static void Configure(OtlpExporterOptions exporter, OtlpOptions options, string path)
    {
        var isHttp = options.Protocol == OtlpProtocol.HttpProtobuf;
        exporter.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        exporter.Endpoint = new Uri(isHttp ? $"{options.Endpoint!.TrimEnd('/')}/{path}" : options.Endpoint!);
        exporter.Headers = string.Join(',', options.Headers.Select(header => $"{header.Key}={Uri.EscapeDataString(header.Value)}"));
    }
}
