using System.Globalization;
using System.Net.Http.Headers;
using System.Text;

namespace AEAnomaly.Host.Exposition;

/// <summary>Writes metric families as Prometheus text 0.0.4 or OpenMetrics 1.0.</summary>
internal static class ExpositionWriter
{
    public const string PrometheusContentType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private const string DroppedName = "aeanomaly_metrics_dropped_measurements";

    /// <summary>Chooses the format: OpenMetrics only for a client that prefers it to plain text.</summary>
    /// <param name="accept">The Accept header, or null.</param>
    public static ExpositionFormat Negotiate(string? accept)
    {
        double open = 0, text = 0;
        foreach (var range in (accept ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!MediaTypeWithQualityHeaderValue.TryParse(range, out var media))
                continue;
            var quality = media.Quality ?? 1;
            if (string.Equals(media.MediaType, "application/openmetrics-text", StringComparison.OrdinalIgnoreCase))
                open = Math.Max(open, quality);
            else if (string.Equals(media.MediaType, "text/plain", StringComparison.OrdinalIgnoreCase))
                text = Math.Max(text, quality);
        }

        return open > 0 && open >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }

    /// <summary>Writes all families that have samples.</summary>
    public static string Write(MetricCollector collector, ExpositionFormat format)
    {
        var text = new StringBuilder(16 * 1024);
        foreach (var family in collector.Collect())
        {
            var samples = family.Read();
            if (samples.Count == 0)
                continue;

            WriteHeader(text, family.Name, family.Kind, family.Help, format);
            foreach (var sample in samples)
                WriteSample(text, family, sample, format);
        }

        var dropped = new MetricName(DroppedName, "");
        WriteHeader(text, dropped, MetricKind.Counter, "Measurements dropped because their instrument has too many series.", format);
        text.Append(DroppedName).Append("_total ").Append(collector.DroppedMeasurements.ToString(CultureInfo.InvariantCulture)).Append('\n');

        if (format == ExpositionFormat.OpenMetrics)
            text.Append("# EOF\n");
        return text.ToString();
    }

    private static void WriteHeader(StringBuilder text, MetricName name, MetricKind kind, string help, ExpositionFormat format)
    {
        // 0.0.4 names a counter's family with _total, OpenMetrics without.
        var family = format == ExpositionFormat.PrometheusText && kind == MetricKind.Counter ? name.Family + "_total" : name.Family;
        if (help.Length > 0)
        {
            text.Append("# HELP ").Append(family).Append(' ');
            AppendEscaped(text, help, quotes: format == ExpositionFormat.OpenMetrics);
            text.Append('\n');
        }

        text.Append("# TYPE ").Append(family).Append(' ').Append(kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        }).Append('\n');

        if (format == ExpositionFormat.OpenMetrics && name.Unit.Length > 0)
            text.Append("# UNIT ").Append(family).Append(' ').Append(name.Unit).Append('\n');
    }

    private static void WriteSample(StringBuilder text, MetricFamily family, in MetricSample sample, ExpositionFormat format)
    {
        var name = family.Name.Family;
        if (family.Kind != MetricKind.Histogram)
        {
            AppendLine(text, family.Kind == MetricKind.Counter ? name + "_total" : name, sample.Labels, null, Number(sample.Value));
            return;
        }

        long cumulative = 0;
        for (var i = 0; i < sample.Bounds.Length; i++)
        {
            cumulative += sample.Buckets[i];
            AppendLine(text, name + "_bucket", sample.Labels, Bound(sample.Bounds[i], format), cumulative.ToString(CultureInfo.InvariantCulture));
        }

        var count = sample.Count.ToString(CultureInfo.InvariantCulture);
        AppendLine(text, name + "_bucket", sample.Labels, "+Inf", count);
        AppendLine(text, name + "_sum", sample.Labels, null, Number(sample.Value));
        AppendLine(text, name + "_count", sample.Labels, null, count);
    }

    private static void AppendLine(StringBuilder text, string name, LabelSet labels, string? upperBound, string value)
    {
        text.Append(name);
        if (labels.Labels.Count > 0 || upperBound is not null)
        {
            text.Append('{');
            var first = true;
            foreach (var (label, content) in labels.Labels)
            {
                if (!first)
                    text.Append(',');
                first = false;
                text.Append(label).Append("=\"");
                AppendEscaped(text, content, quotes: true);
                text.Append('"');
            }

            if (upperBound is not null)
                text.Append(first ? "" : ",").Append("le=\"").Append(upperBound).Append('"');
            text.Append('}');
        }

        text.Append(' ').Append(value).Append('\n');
    }

    private static void AppendEscaped(StringBuilder text, string content, bool quotes)
    {
        foreach (var c in content)
        {
            _ = c switch
            {
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '"' when quotes => text.Append("\\\""),
                _ => text.Append(c),
            };
        }
    }

    // OpenMetrics asks for bounds in canonical form: 1.0, not 1.
    private static string Bound(double bound, ExpositionFormat format)
    {
        var text = Number(bound);
        return format == ExpositionFormat.OpenMetrics && text.All(c => char.IsAsciiDigit(c) || c == '-') ? text + ".0" : text;
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : double.IsNaN(value) ? "NaN"
        : value.ToString("R", CultureInfo.InvariantCulture);
}
