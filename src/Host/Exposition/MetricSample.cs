namespace AEAnomaly.Host.Exposition;

/// <summary>Holds what a scrape reads from one series.</summary>
/// <param name="Labels">Labels.</param>
/// <param name="Value">Value of a counter or gauge; sum of a histogram's observations.</param>
/// <param name="Count">Observations of a histogram.</param>
/// <param name="Bounds">Upper bounds of the buckets, ascending, without +Inf.</param>
/// <param name="Buckets">Observations of each bucket, not cumulative; one more than <paramref name="Bounds"/>.</param>
internal readonly record struct MetricSample(LabelSet Labels, double Value, long Count, double[] Bounds, long[] Buckets);
