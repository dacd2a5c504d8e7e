using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AEAnomaly.Host.Exposition;

/// <summary>Collects the series of one instrument, up to a cap.</summary>
internal sealed class MetricFamily
{
    /// <summary>Series of one instrument at most; what comes after is counted as dropped.</summary>
    public const int MaxSeries = 1000;

    // Seconds from half a millisecond to half a minute; instruments with another range advise their own bounds.
    private static readonly double[] DefaultBounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly ConcurrentDictionary<int, MetricSeries[]> _series = new();
    private readonly Lock _adding = new();
    private readonly double[] _bounds;
    private int _count;

    public MetricFamily(Instrument instrument)
    {
        var type = instrument.GetType().GetGenericTypeDefinition();
        Kind = type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
        Accumulates = type == typeof(Counter<>) || type == typeof(UpDownCounter<>);
        Name = MetricName.From(instrument.Name, instrument.Unit, Kind == MetricKind.Counter);
        Help = instrument.Description ?? "";
        _bounds = Kind == MetricKind.Histogram ? Bounds(instrument) : [];
    }

    public MetricName Name { get; }

    public MetricKind Kind { get; }

    public string Help { get; }

    /// <summary>Gets whether measurements are increments (true) or the value itself (false).</summary>
    public bool Accumulates { get; }

    /// <summary>Takes one measurement.</summary>
    /// <returns>False when the series would be one too many.</returns>
    public bool Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (Find(tags) is not { } series)
            return false;

        if (Kind == MetricKind.Histogram)
            series.Observe(value);
        else if (Accumulates)
            series.Add(value);
        else
            series.Set(value);
        return true;
    }

    /// <summary>Reads all series, sorted by their labels so that scrapes compare.</summary>
    public IReadOnlyList<MetricSample> Read() =>
    [
        .. _series.Values.SelectMany(s => s)
            .Select(s => s.Read())
            .OrderBy(s => string.Join('\u0001', s.Labels.Labels.Select(l => l.Key + '\u0002' + l.Value)), StringComparer.Ordinal),
    ];

    private static double[] Bounds(Instrument instrument)
    {
        IEnumerable<double>? advised = instrument switch
        {
            Histogram<double> h => h.Advice?.HistogramBucketBoundaries,
            Histogram<float> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            Histogram<int> h => h.Advice?.HistogramBucketBoundaries?.Select(b => (double)b),
            _ => null,
        };
        return advised is null ? DefaultBounds : [.. advised.Order()];
    }

    private MetricSeries? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = LabelSet.Hash(tags);
        if (_series.TryGetValue(hash, out var chain))
        {
            foreach (var series in chain)
            {
                if (series.Labels.Matches(tags))
                    return series;
            }
        }

        lock (_adding)
        {
            // Another thread may have added it between the look-up and the lock.
            if (_series.TryGetValue(hash, out chain))
            {
                foreach (var series in chain)
                {
                    if (series.Labels.Matches(tags))
                        return series;
                }
            }

            if (_count >= MaxSeries)
                return null;

            var added = new MetricSeries(LabelSet.From(tags), _bounds);
            _series[hash] = [.. chain ?? [], added];
            _count++;
            return added;
        }
    }
}
