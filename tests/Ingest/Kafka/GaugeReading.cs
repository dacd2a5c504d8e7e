using System.Diagnostics.Metrics;
using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Reads a gauge of one scene's metrics.</summary>
internal static class GaugeReading
{
    /// <summary>Gives the sum of its series now.</summary>
    public static long Of(IngestMetrics metrics, string name)
    {
        long total = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Name == name && metrics.Owns(instrument.Meter))
                own.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => total += measurement);
        listener.Start();
        listener.RecordObservableInstruments();
        return total;
    }
}
