using System.Text;

namespace AEAnomaly.Host.Exposition;

/// <summary>Names instruments and their tags as Prometheus wants it: underscores, the base unit as suffix.</summary>
internal static class MetricName
{
    /// <summary>Translates an instrument's name and unit (UCUM, as OpenTelemetry writes them).</summary>
    /// <param name="instrument">Instrument name, say <c>aeanomaly.scoring.duration</c>.</param>
    /// <param name="unit">UCUM unit: "s", "ms", "By", "1", "{record}"; annotations in braces are not units.</param>
    /// <param name="isCounter">Counters get no "ratio" suffix and lose a trailing "total", which their family and samples add.</param>
    /// <returns>Family name without <c>_total</c>, say <c>aeanomaly_records_scored</c> or <c>aeanomaly_scoring_duration_seconds</c>.</returns>
    public static string Of(string instrument, string? unit, bool isCounter)
    {
        var family = Sanitize(instrument);
        if (isCounter && family.EndsWith("_total", StringComparison.Ordinal))
            family = family[..^"_total".Length];
        // Reserved for histograms; some of the runtime's gauges end in it.
        if (family.EndsWith("_count", StringComparison.Ordinal))
            family = family[..^"count".Length] + "number";

        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "us" => "_microseconds",
            "ns" => "_nanoseconds",
            "By" => "_bytes",
            "1" when !isCounter => "_ratio",
            "Cel" => "_celsius",
            _ => "",
        };
        return family.EndsWith(suffix, StringComparison.Ordinal) ? family : family + suffix;
    }

    /// <summary>Translates a tag's name, say <c>gc.heap.generation</c>.</summary>
    public static string OfLabel(string tag) => Sanitize(tag);

    private static string Sanitize(string text)
    {
        var name = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            var valid = char.IsAsciiLetterOrDigit(c);
            if (!valid && name.Length > 0 && name[^1] == '_')
                continue;
            name.Append(valid ? c : '_');
        }

        var trimmed = name.ToString().TrimEnd('_');
        return trimmed.Length == 0 || char.IsAsciiDigit(trimmed[0]) ? "_" + trimmed : trimmed;
    }
}
