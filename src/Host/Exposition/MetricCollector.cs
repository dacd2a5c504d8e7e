using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace AEAnomaly.Host.Exposition;

/// <summary>Listens to one host's instruments and the runtime's, and keeps what a scrape will ask for.</summary>
internal sealed class MetricCollector : IDisposable
{
    private const string RuntimeMeter = "System.Runtime";

    private readonly IMeterFactory _meters;
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private long _droppedMeasurements;

    /// <summary>Starts to listen; create it before the instruments, so that no measurement is missed.</summary>
    /// <param name="meters">Factory of the host's meters; those of another host in the same process are not its own.</param>
    public MetricCollector(IMeterFactory meters)
    {
        _meters = meters;
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

    /// <summary>Gets the measurements that were dropped because their instrument had too many series.</summary>
    public long DroppedMeasurements => Interlocked.Read(ref _droppedMeasurements);

    /// <summary>Asks the observable instruments, then reads every family, sorted by name.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        _listener.RecordObservableInstruments();
        return [.. _families.Values.OrderBy(f => f.Name.Family, StringComparer.Ordinal)];
    }

    /// <summary>Sums a family's series: a counter's total over all labels, or the observations of a histogram.</summary>
    /// <param name="family">Family name without <c>_total</c>.</param>
    public double Total(string family) =>
        _families.TryGetValue(family, out var found) ? found.Read().Sum(s => found.Kind == MetricKind.Histogram ? s.Count : s.Value) : 0;

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (instrument.Meter.Name != RuntimeMeter && !ReferenceEquals(instrument.Meter.Scope, _meters))
            return;

        // Two instruments of one name (a meter created again) share a family: a family must appear once.
        var candidate = new MetricFamily(instrument);
        var family = _families.GetOrAdd(candidate.Name.Family, candidate);
        listener.EnableMeasurementEvents(instrument, family);
    }

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!((MetricFamily)state!).Record(value, tags))
            Interlocked.Increment(ref _droppedMeasurements);
    }
}
