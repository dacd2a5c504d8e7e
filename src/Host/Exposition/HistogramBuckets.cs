using System.Globalization;
using System.Text;
using Prometheus;

namespace AEAnomaly.Host.Exposition;

/// <summary>Holds the buckets of one histogram at one moment, for each detector.</summary>
/// <remarks>They are read from the text that is served: prometheus-net gives a histogram's count and sum, and its buckets nowhere else.</remarks>
internal sealed class HistogramBuckets
{
    private readonly Dictionary<string, List<(double Bound, double Count)>> _buckets = new(StringComparer.Ordinal);

    private HistogramBuckets(IEnumerable<string> lines, string family)
    {
        foreach (var line in lines)
        {
            if (Parse(line, family + "_bucket{") is not { } sample)
                continue;
            if (!_buckets.TryGetValue(sample.Detector, out var buckets))
                _buckets.Add(sample.Detector, buckets = []);
            buckets.Add((sample.Bound, sample.Count));
        }
    }

    /// <summary>Reads a histogram.</summary>
    /// <param name="registry">What is served.</param>
    /// <param name="family">Name of the histogram, which must have the label detector and no other.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<HistogramBuckets> ReadAsync(CollectorRegistry registry, string family, CancellationToken cancellationToken)
    {
        using var page = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(page, cancellationToken).ConfigureAwait(false);
        return new HistogramBuckets(Encoding.UTF8.GetString(page.GetBuffer(), 0, (int)page.Length).Split('\n'), family);
    }

    /// <summary>Gets the observations of a detector up to each bound, cumulative, the last for all; empty before the first.</summary>
    public IReadOnlyList<double> Of(string detector) =>
        _buckets.TryGetValue(detector, out var buckets) ? [.. buckets.OrderBy(bucket => bucket.Bound).Select(bucket => bucket.Count)] : [];

    /// <summary>Gets the finite bounds, ascending; empty before the first observation of any detector.</summary>
    public IReadOnlyList<double> Bounds() =>
        [.. _buckets.Values.SelectMany(buckets => buckets).Select(bucket => bucket.Bound).Where(double.IsFinite).Distinct().Order()];

    private static (string Detector, double Bound, double Count)? Parse(string line, string beginning)
    {
        if (!line.StartsWith(beginning, StringComparison.Ordinal) || Label(line, "detector") is not { } detector || Label(line, "le") is not { } bound)
            return null;
        return (detector, bound == "+Inf" ? double.PositiveInfinity : Number(bound), Number(line[(line.LastIndexOf(' ') + 1)..]));
    }

    private static string? Label(string line, string name)
    {
        var start = line.IndexOf(name + "=\"", StringComparison.Ordinal);
        if (start < 0)
            return null;
        start += name.Length + 2;
        return line[start..line.IndexOf('"', start)];
    }

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
}
