using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AEAnomaly.Detection.Registry;
using Prometheus;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace AEAnomaly.Host.Exposition;

/// <summary>Bridges one host's instruments and the runtime's to a registry of prometheus-net, which serves them.</summary>
/// <remarks>prometheus-net's own bridge, MeterAdapter, turns counters that are observed into gauges, knows no units and keeps one registry for the process (docs/decisions/0002).</remarks>
internal sealed class MetricCollector : IDisposable
{
    /// <summary>The meter of .NET itself.</summary>
    public const string RuntimeMeter = "System.Runtime";

    private const string OwnMeters = "AEAnomaly.";

    private readonly IMeterFactory _meters;
    private readonly MetricFactory _factory;
    private readonly Counter _dropped;
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Lock _scraping = new();
    private int _scrape;

    /// <summary>Starts to listen; create it before the instruments, so that no measurement is missed.</summary>
    /// <param name="meters">Factory of the host's meters; those of another host in the same process are not its own.</param>
    public MetricCollector(IMeterFactory meters)
    {
        _meters = meters;
        _factory = Prometheus.Metrics.WithCustomRegistry(Registry);
        _factory.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        _dropped = _factory.CreateCounter("aeanomaly_metrics_dropped_measurements_total", "Measurements dropped because their instrument has too many series.");
        _factory.CreateGauge("aeanomaly_build_info", "1; the labels name the program.", "version", "revision", "runtime")
            .WithLabels(ProgramVersion.Number, ProgramVersion.Revision, Environment.Version.ToString()).Set(1);

        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        _listener.Start();
    }

    /// <summary>Gets what is served; call <see cref="Observe"/> before it is read.</summary>
    public CollectorRegistry Registry { get; } = Prometheus.Metrics.NewCustomRegistry();

    /// <summary>Gets the families of all instruments so far, also of those without a measurement.</summary>
    public IEnumerable<MetricFamily> Families => _families.Values;

    /// <summary>Asks the observable instruments.</summary>
    /// <remarks>Series that they no longer report are gone: the version that scored before, the lag of a partition that was given away.</remarks>
    /// <exception cref="AggregateException">An instrument threw; the others were asked.</exception>
    public void Observe()
    {
        lock (_scraping)
        {
            Interlocked.Increment(ref _scrape);
            _listener.RecordObservableInstruments();
            foreach (var family in _families.Values)
                family.RemoveVanished(_scrape);
        }
    }

    /// <summary>Sums a family's series: a counter's total, or the observations of a histogram.</summary>
    /// <param name="family">Family name without <c>_total</c>.</param>
    /// <param name="labels">Tags that a series must have to be counted, say <c>detector</c>; none for all series.</param>
    public double Total(string family, params Tag[] labels) => _families.TryGetValue(family, out var found) ? found.TotalOf(labels) : 0;

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!IsExposed(instrument.Meter))
            return;

        // Two instruments of one name (a meter created again) share a family: a family must appear once.
        var candidate = new MetricFamily(instrument, _factory);
        var family = _families.GetOrAdd(candidate.Name, candidate);
        listener.EnableMeasurementEvents(instrument, family);
    }

    // The web server's meters come from the same factory, and one meter of the runtime serves all hosts of the process.
    private bool IsExposed(Meter meter) =>
        meter.Name == RuntimeMeter || (ReferenceEquals(meter.Scope, _meters) && meter.Name.StartsWith(OwnMeters, StringComparison.Ordinal));

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!((MetricFamily)state!).Record(value, tags, Volatile.Read(ref _scrape)))
            _dropped.Inc();
    }
}
