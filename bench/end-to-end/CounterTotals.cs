using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;

namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Sums the product's counters, as the exporter of a running daemon does: measuring is part of what is measured.</summary>
internal sealed class CounterTotals : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, StrongBox<double>> _totals = new(StringComparer.Ordinal);

    public CounterTotals()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.Meter.Name.StartsWith("AEAnomaly.", StringComparison.Ordinal))
                return;
            lock (_totals)
                listener.EnableMeasurementEvents(instrument, _totals[instrument.Name] = new StrongBox<double>());
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, _, total) => Add((StrongBox<double>)total!, value));
        _listener.SetMeasurementEventCallback<double>(static (_, value, _, total) => Add((StrongBox<double>)total!, value));
        _listener.Start();
    }

    public long this[string counter] => (long)Volatile.Read(ref _totals[counter].Value);

    public void Dispose() => _listener.Dispose();

    private static void Add(StrongBox<double> total, double value)
    {
        lock (total)
            total.Value += value;
    }
}
