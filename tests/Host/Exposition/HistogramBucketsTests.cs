using AEAnomaly.Host.Exposition;

namespace AEAnomaly.Host.Tests.Exposition;

public sealed class HistogramBucketsTests
{
    [Fact]
    public async Task ReadAsync_HistogramOfTwoDetectors_GivesCumulativeCountsOfEach()
    {
        await using var server = await MetricsServer.StartAsync();
        var ratio = server.Meter.CreateHistogram("aeanomaly.test.ratio", null, "", null, new System.Diagnostics.Metrics.InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 10] });
        foreach (var value in new[] { 0.2, 0.7, 0.8, 20 })
            ratio.Record(value, new KeyValuePair<string, object?>("detector", "one"));
        ratio.Record(2, new KeyValuePair<string, object?>("detector", "two"));

        var buckets = await HistogramBuckets.ReadAsync(server.Collector.Registry, "aeanomaly_test_ratio", CancellationToken.None);

        Assert.Equal([0.5, 1, 10], buckets.Bounds());
        Assert.Equal([1, 3, 3, 4], buckets.Of("one"));
        Assert.Equal([0, 0, 1, 1], buckets.Of("two"));
        Assert.Empty(buckets.Of("three"));
    }

    [Fact]
    public async Task Total_OfSomeLabels_SumsTheSeriesThatHaveThem()
    {
        await using var server = await MetricsServer.StartAsync();
        var counter = server.Meter.CreateCounter<long>("aeanomaly.test.things");
        counter.Add(1, new("detector", "one"), new("kind", "a"));
        counter.Add(2, new("detector", "one"), new("kind", "b"));
        counter.Add(4, new("kind", "a"), new("detector", "two"));

        Assert.Equal(3, server.Collector.Total("aeanomaly_test_things", new KeyValuePair<string, object?>("detector", "one")));
        Assert.Equal(4, server.Collector.Total("aeanomaly_test_things", new("kind", "a"), new("detector", "two")));
        Assert.Equal(7, server.Collector.Total("aeanomaly_test_things"));
        Assert.Equal(0, server.Collector.Total("aeanomaly_test_none", new KeyValuePair<string, object?>("detector", "one")));
    }
}
