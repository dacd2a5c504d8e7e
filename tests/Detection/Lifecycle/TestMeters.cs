using System.Diagnostics.Metrics;

namespace AEAnomaly.Detection.Tests.Lifecycle;

/// <summary>Makes meters of its own and reads what they measure.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _sums = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name, options.Version, options.Tags, this);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Begins to listen; allocates for each measurement.</summary>
    public void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Begins to listen with callbacks that do nothing, as an exporter's would cost no allocation.</summary>
    public void ListenOnly()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        _listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        _listener.Start();
    }

    /// <summary>Gives what was measured: counters summed, gauges read now; "name{label=value,...}" with labels in ordinal order.</summary>
    public IReadOnlyDictionary<string, double> Read()
    {
        lock (_sums)
        {
            foreach (var key in _sums.Keys.Where(key => key.StartsWith("observed ", StringComparison.Ordinal)).ToArray())
                _sums.Remove(key);
        }

        _listener.RecordObservableInstruments();
        lock (_sums)
            return _sums.ToDictionary(pair => pair.Key.Replace("observed ", "", StringComparison.Ordinal), pair => pair.Value);
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters)
            meter.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = string.Join(',', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
        var isHistogram = instrument is Histogram<double>;
        var key = $"{(instrument.IsObservable ? "observed " : "")}{instrument.Name}{(isHistogram ? " count" : "")}{{{labels}}}";
        lock (_sums)
            _sums[key] = _sums.GetValueOrDefault(key) + (isHistogram ? 1 : value);
    }
}
