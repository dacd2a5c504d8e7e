namespace AEAnomaly.Host.Exposition;

/// <summary>Accumulates one series; updated by any thread, read by a scrape.</summary>
internal sealed class MetricSeries(LabelSet labels, double[] bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;
    private long _count;

    /// <summary>Gets the labels.</summary>
    public LabelSet Labels => labels;

    /// <summary>Adds to a counter.</summary>
    public void Add(double delta)
    {
        lock (_gate)
            _value += delta;
    }

    /// <summary>Sets a gauge, or an observed counter's total.</summary>
    public void Set(double value)
    {
        lock (_gate)
            _value = value;
    }

    /// <summary>Counts an observation in its bucket.</summary>
    public void Observe(double value)
    {
        var index = Array.BinarySearch(bounds, value);
        if (index < 0)
            index = ~index;

        lock (_gate)
        {
            _buckets[index]++;
            _count++;
            _value += value;
        }
    }

    /// <summary>Reads a consistent copy.</summary>
    public MetricSample Read()
    {
        lock (_gate)
            return new MetricSample(labels, _value, _count, bounds, [.. _buckets]);
    }
}
