using Prometheus;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace AEAnomaly.Host.Exposition;

/// <summary>Pairs one series of an instrument with what prometheus-net serves for it.</summary>
/// <param name="tags">Tags.</param>
/// <param name="family">Creates the counter, gauge or histogram of these tags.</param>
internal sealed class MetricSeries(Tag[] tags, MetricFamily family)
{
    private ChildBase _child = family.CreateChild(tags);
    private int _seenAt;

    /// <summary>Gets a counter's or gauge's value, or a histogram's observations.</summary>
    public double Total => _child switch
    {
        ICounter counter => counter.Value,
        IHistogram histogram => histogram.Count,
        _ => ((IGauge)_child).Value,
    };

    /// <summary>Gets the scrape at which it was measured last.</summary>
    public int SeenAt => Volatile.Read(ref _seenAt);

    /// <summary>Takes one measurement.</summary>
    /// <param name="value">Measurement.</param>
    /// <param name="accumulates">Whether it is an increment, or the value itself.</param>
    /// <param name="scrape">Number of the scrape that is going on.</param>
    public void Record(double value, bool accumulates, int scrape)
    {
        Volatile.Write(ref _seenAt, scrape);
        switch (_child)
        {
            case IHistogram histogram:
                histogram.Observe(value);
                break;
            case ICounter counter when accumulates:
                counter.Inc(value);
                break;
            case ICounter counter when value >= counter.Value:
                counter.IncTo(value);
                break;
            case ICounter:
                // Some of the runtime's counters fall. One that begins anew is how Prometheus knows it.
                _child.Remove();
                _child = family.CreateChild(tags);
                ((ICounter)_child).IncTo(value);
                break;
            case IGauge gauge when accumulates:
                gauge.Inc(value);
                break;
            case IGauge gauge:
                gauge.Set(value);
                break;
        }
    }

    /// <summary>Takes the series off the page.</summary>
    public void Remove() => _child.Remove();
}
