using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Prometheus;

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
    private readonly MetricFactory _factory;
    private readonly double[] _bounds;
    private readonly bool _isObserved;
    private readonly bool _accumulates;
    private int _count;

    /// <param name="instrument">Instrument whose measurements it takes.</param>
    /// <param name="factory">Creates what is served.</param>
    public MetricFamily(Instrument instrument, MetricFactory factory)
    {
        _factory = factory;
        _isObserved = instrument.IsObservable;
        var type = instrument.GetType().GetGenericTypeDefinition();
        Kind = type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
        // Measurements of the others are the value itself.
        _accumulates = type == typeof(Counter<>) || type == typeof(UpDownCounter<>);
        Name = MetricName.From(instrument.Name, instrument.Unit, Kind == MetricKind.Counter);
        // prometheus-net writes the help as it is given; a line end in it would break the page.
        Help = (instrument.Description ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        _bounds = Kind == MetricKind.Histogram ? Bounds(instrument) : [];
    }

    public MetricName Name { get; }

    public MetricKind Kind { get; }

    public string Help { get; }

    /// <summary>Gets the sum of all series: a counter's total over all labels, or the observations of a histogram.</summary>
    public double Total => _series.Values.Sum(chain => chain.Sum(series => series.Total));

    /// <summary>Takes one measurement.</summary>
    /// <param name="value">Measurement.</param>
    /// <param name="tags">Tags.</param>
    /// <param name="scrape">Number of the scrape that is going on.</param>
    /// <returns>False when the series would be one too many.</returns>
    public bool Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, int scrape)
    {
        if (Find(tags) is not { } series)
            return false;

        series.Record(value, _accumulates, scrape);
        return true;
    }

    /// <summary>Removes the series of an observable instrument that a scrape did not find any more.</summary>
    public void RemoveVanished(int scrape)
    {
        if (!_isObserved)
            return;

        lock (_adding)
        {
            foreach (var (hash, chain) in _series)
            {
                var rest = Array.FindAll(chain, series => series.SeenAt == scrape);
                if (rest.Length == chain.Length)
                    continue;
                foreach (var series in chain.Except(rest))
                    series.Remove();
                _count -= chain.Length - rest.Length;
                if (rest.Length > 0)
                    _series[hash] = rest;
                else
                    _series.TryRemove(hash, out _);
            }
        }
    }

    /// <summary>Creates what is served for one set of labels.</summary>
    /// <remarks>The same name and label names give the same collector each time; other label names under one name are another one.</remarks>
    public ChildBase CreateChild(LabelSet labels)
    {
        string[] names = [.. labels.Labels.Select(label => label.Key)];
        string[] values = [.. labels.Labels.Select(label => label.Value)];
        return Kind switch
        {
            MetricKind.Counter => _factory.CreateCounter(Name.Family + "_total", Help, names).WithLabels(values),
            MetricKind.Histogram => _factory.CreateHistogram(Name.Family, Help, names, new HistogramConfiguration { Buckets = _bounds }).WithLabels(values),
            _ => _factory.CreateGauge(Name.Family, Help, names).WithLabels(values),
        };
    }

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

            var added = new MetricSeries(LabelSet.From(tags), this);
            _series[hash] = [.. chain ?? [], added];
            _count++;
            return added;
        }
    }
}
