using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Prometheus;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace AEAnomaly.Host.Exposition;

/// <summary>Collects the series of one instrument, up to a cap.</summary>
internal sealed class MetricFamily
{
    /// <summary>Series of one instrument at most; what comes after is counted as dropped.</summary>
    public const int MaxSeries = 1000;

    // Seconds from half a millisecond to half a minute; instruments with another range advise their own bounds.
    private static readonly double[] DefaultBounds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    // A series appears with its first value, not as a 0 before it.
    private static readonly CounterConfiguration CounterSettings = new() { SuppressInitialValue = true };
    private static readonly GaugeConfiguration GaugeSettings = new() { SuppressInitialValue = true };

    private readonly ConcurrentDictionary<Tag[], MetricSeries> _series = new(new TagComparer());
    private readonly ConcurrentDictionary<Tag[], MetricSeries>.AlternateLookup<ReadOnlySpan<Tag>> _byTags;
    private readonly Lock _adding = new();
    private readonly MetricFactory _factory;
    private readonly HistogramConfiguration _histogramSettings;
    private readonly bool _isObserved;
    private readonly bool _accumulates;
    private int _count;

    /// <param name="instrument">Instrument whose measurements it takes.</param>
    /// <param name="factory">Creates what is served.</param>
    public MetricFamily(Instrument instrument, MetricFactory factory)
    {
        _factory = factory;
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<Tag>>();
        _isObserved = instrument.IsObservable;
        var type = instrument.GetType().GetGenericTypeDefinition();
        Kind = type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : type == typeof(Histogram<>) ? MetricKind.Histogram
            : MetricKind.Gauge;
        // Measurements of the others are the value itself.
        _accumulates = type == typeof(Counter<>) || type == typeof(UpDownCounter<>);
        Name = MetricName.Of(instrument.Name, instrument.Unit, Kind == MetricKind.Counter);
        // prometheus-net writes the help as it is given; a line end in it would break the page, and an escaped quote is valid in OpenMetrics only.
        Help = (instrument.Description ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace('"', '\'');
        _histogramSettings = new HistogramConfiguration { SuppressInitialValue = true, Buckets = Bounds(instrument) };
    }

    /// <summary>Gets the name, a counter's without <c>_total</c>.</summary>
    public string Name { get; }

    public MetricKind Kind { get; }

    public string Help { get; }

    /// <summary>Sums the series that have some tags, all of them where none is named: a counter's total, or the observations of a histogram.</summary>
    public double TotalOf(Tag[] tags)
    {
        double total = 0;
        foreach (var (own, series) in _series)
        {
            if (Array.TrueForAll(tags, tag => Array.Exists(own, other => other.Key == tag.Key && Equals(other.Value, tag.Value))))
                total += series.Total;
        }

        return total;
    }

    /// <summary>Takes one measurement.</summary>
    /// <param name="value">Measurement.</param>
    /// <param name="tags">Tags.</param>
    /// <param name="scrape">Number of the scrape that is going on.</param>
    /// <returns>False when the series would be one too many.</returns>
    public bool Record(double value, ReadOnlySpan<Tag> tags, int scrape)
    {
        if (!_byTags.TryGetValue(tags, out var series) && (series = Add(tags)) is null)
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
            foreach (var (tags, series) in _series)
            {
                if (series.SeenAt == scrape)
                    continue;
                _series.TryRemove(tags, out _);
                series.Remove();
                _count--;
            }
        }
    }

    /// <summary>Creates what is served for one set of tags.</summary>
    /// <remarks>The same name and label names give the same collector each time; other label names under one name are another one.</remarks>
    public ChildBase CreateChild(Tag[] tags)
    {
        // prometheus-net tells the same labels in another order apart.
        Tag[] sorted = [.. tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)];
        string[] labels = [.. sorted.Select(tag => MetricName.OfLabel(tag.Key))];
        string[] values = [.. sorted.Select(tag => Text(tag.Value))];
        return Kind switch
        {
            MetricKind.Counter => _factory.CreateCounter(Name + "_total", Help, labels, CounterSettings).WithLabels(values),
            MetricKind.Histogram => _factory.CreateHistogram(Name, Help, labels, _histogramSettings).WithLabels(values),
            _ => _factory.CreateGauge(Name, Help, labels, GaugeSettings).WithLabels(values),
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

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private MetricSeries? Add(ReadOnlySpan<Tag> tags)
    {
        lock (_adding)
        {
            // Another thread may have added it since the look-up.
            if (_byTags.TryGetValue(tags, out var series))
                return series;
            if (_count >= MaxSeries)
                return null;

            var copy = tags.ToArray();
            series = _series[copy] = new MetricSeries(copy, this);
            _count++;
            return series;
        }
    }
}
