using System.Text;

namespace AEAnomaly.Host.Exposition;

/// <summary>Names an instrument as Prometheus wants it: underscores, base unit as suffix.</summary>
/// <param name="Family">Family name without <c>_total</c>, say <c>aeanomaly_records_scored</c> or <c>aeanomaly_scoring_duration_seconds</c>.</param>
/// <param name="Unit">Unit that the family name ends with, or empty.</param>
internal readonly record struct MetricName(string Family, string Unit)
{
    /// <summary>Translates an instrument's name and unit (UCUM, as OpenTelemetry writes them).</summary>
    /// <param name="instrument">Instrument name, say <c>aeanomaly.scoring.duration</c>.</param>
    /// <param name="unit">UCUM unit: "s", "ms", "By", "1", "{record}"; annotations in braces are not units.</param>
    /// <param name="isCounter">Counters get no "ratio" suffix and lose a trailing "total", which the sample line adds.</param>
    public static MetricName From(string instrument, string? unit, bool isCounter)
    {
        var name = new StringBuilder(instrument.Length + 8);
        foreach (var c in instrument)
        {
            var valid = char.IsAsciiLetterOrDigit(c) || c == ':';
            if (!valid && name.Length > 0 && name[^1] == '_')
                continue;
            name.Append(valid ? c : '_');
        }

        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
            name.Insert(0, '_');

        var family = name.ToString().TrimEnd('_');
        if (isCounter && family.EndsWith("_total", StringComparison.Ordinal))
            family = family[..^"_total".Length];
        // Reserved for histograms; some of the runtime's gauges end in it.
        if (family.EndsWith("_count", StringComparison.Ordinal))
            family = family[..^"count".Length] + "number";

        var suffix = unit switch
        {
            null or "" => "",
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "ns" => "nanoseconds",
            "By" => "bytes",
            "1" => isCounter ? "" : "ratio",
            "Cel" => "celsius",
            _ when unit[0] == '{' => "",
            _ => "",
        };

        if (suffix.Length > 0 && !family.EndsWith("_" + suffix, StringComparison.Ordinal))
            family += "_" + suffix;
        return new MetricName(family, suffix);
    }
}
