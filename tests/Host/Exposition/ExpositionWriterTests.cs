using System.Diagnostics;
using System.Diagnostics.Metrics;
using AEAnomaly.Host.Exposition;
using AEAnomaly.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace AEAnomaly.Host.Tests.Exposition;

public sealed class ExpositionWriterTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricCollector _collector;
    private readonly Meter _meter;

    public ExpositionWriterTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _collector = new MetricCollector(meters);
        _meter = meters.Create("AEAnomaly.Test");
    }

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Write_InstrumentOfAnotherHost_IsNotSeen()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("AEAnomaly.Test").CreateCounter<long>("aeanomaly.test.foreign").Add(1);

        Assert.Empty(Lines(ExpositionFormat.PrometheusText, "aeanomaly_test_foreign"));
    }

    [Fact]
    public void Write_Counter_CarriesTotalInBothFormatsAndInTheTextFamilyOnly()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.things", "{thing}", "Things seen.");
        counter.Add(2, new KeyValuePair<string, object?>("detector", "a"));
        counter.Add(3, new KeyValuePair<string, object?>("detector", "a"));

        var text = Lines(ExpositionFormat.PrometheusText, "aeanomaly_test_things");
        Assert.Equal(
            ["# HELP aeanomaly_test_things_total Things seen.", "# TYPE aeanomaly_test_things_total counter", "aeanomaly_test_things_total{detector=\"a\"} 5"],
            text);
        var open = Lines(ExpositionFormat.OpenMetrics, "aeanomaly_test_things");
        Assert.Equal(
            ["# HELP aeanomaly_test_things Things seen.", "# TYPE aeanomaly_test_things counter", "aeanomaly_test_things_total{detector=\"a\"} 5"],
            open);
    }

    [Fact]
    public void Write_Histogram_HasCumulativeBucketsUpToTheCount()
    {
        var histogram = _meter.CreateHistogram<double>(
            "aeanomaly.test.wait", "s", "Wait.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 7 })
            histogram.Record(value);

        Assert.Equal(
            [
                "# HELP aeanomaly_test_wait_seconds Wait.",
                "# TYPE aeanomaly_test_wait_seconds histogram",
                "# UNIT aeanomaly_test_wait_seconds seconds",
                "aeanomaly_test_wait_seconds_bucket{le=\"0.1\"} 2",
                "aeanomaly_test_wait_seconds_bucket{le=\"1.0\"} 3",
                "aeanomaly_test_wait_seconds_bucket{le=\"+Inf\"} 4",
                "aeanomaly_test_wait_seconds_sum 7.65",
                "aeanomaly_test_wait_seconds_count 4",
            ],
            Lines(ExpositionFormat.OpenMetrics, "aeanomaly_test_wait"));
        Assert.Contains("aeanomaly_test_wait_seconds_bucket{le=\"1\"} 3", Lines(ExpositionFormat.PrometheusText, "aeanomaly_test_wait"));
    }

    [Fact]
    public void Write_LabelWithQuotesBackslashAndLineEnd_EscapesThem()
    {
        _meter.CreateCounter<long>("aeanomaly.test.odd").Add(1, new KeyValuePair<string, object?>("reason.code", "a\"b\\c\nd"));

        Assert.Contains("aeanomaly_test_odd_total{reason_code=\"a\\\"b\\\\c\\nd\"} 1", Lines(ExpositionFormat.PrometheusText, "aeanomaly_test_odd"));
    }

    [Fact]
    public void Write_SameTagsInAnotherOrder_AreOneSeries()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.order");
        counter.Add(1, new("a", "1"), new("b", "2"));
        counter.Add(1, new("b", "2"), new("a", "1"));

        Assert.Contains("aeanomaly_test_order_total{a=\"1\",b=\"2\"} 2", Lines(ExpositionFormat.PrometheusText, "aeanomaly_test_order"));
    }

    [Fact]
    public void Record_MoreSeriesThanAllowed_DropsAndCountsTheRest()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.many");
        for (var i = 0; i < MetricFamily.MaxSeries + 7; i++)
            counter.Add(1, new KeyValuePair<string, object?>("i", i));

        Assert.Equal(7, _collector.DroppedMeasurements);
        Assert.Equal(MetricFamily.MaxSeries, Lines(ExpositionFormat.PrometheusText, "aeanomaly_test_many").Count(l => !l.StartsWith('#')));
    }

    [Fact]
    public void Record_KnownSeries_AllocatesNothing()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.steady");
        var tag = new KeyValuePair<string, object?>("detector", "a");

        Assert.Equal(0, Allocations.InSteadyState(() => counter.Add(1, tag)));
    }

    [Fact]
    public void Write_OpenMetrics_EndsWithTheEndMark() =>
        Assert.EndsWith("# EOF\n", ExpositionWriter.Write(_collector, ExpositionFormat.OpenMetrics), StringComparison.Ordinal);

    [Theory]
    [InlineData(null, false)]
    [InlineData("text/html", false)]
    [InlineData("text/plain;version=0.0.4;q=0.5,*/*;q=0.1", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true)]
    [InlineData("application/openmetrics-text;q=0.2,text/plain;q=0.9", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    public void Negotiate_AcceptHeader_ChoosesWhatTheClientPrefers(string? accept, bool openMetrics) =>
        Assert.Equal(openMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText, ExpositionWriter.Negotiate(accept));

    [RequiresToolFact("promtool")]
    public async Task Write_EveryKindOfInstrument_PassesPromtool()
    {
        _meter.CreateCounter<long>("aeanomaly.test.events", "{event}", "Events with \"quotes\" and a \\ in the help.").Add(1, new KeyValuePair<string, object?>("detector", "a"));
        _meter.CreateHistogram<double>("aeanomaly.test.duration", "s", "Durations.").Record(0.2);
        _meter.CreateObservableGauge("aeanomaly.test.level", () => 3.5, "By", "A level.");
        _meter.CreateUpDownCounter<int>("aeanomaly.test.open", "{episode}", "Open episodes.").Add(-2);

        using var promtool = Process.Start(new ProcessStartInfo("promtool", "check metrics")
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(ExpositionWriter.Write(_collector, ExpositionFormat.PrometheusText));
        promtool.StandardInput.Close();
        var complaints = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, complaints);
    }

    private string[] Lines(ExpositionFormat format, string family) =>
        [.. ExpositionWriter.Write(_collector, format).Split('\n').Where(l => l.Contains(family, StringComparison.Ordinal))];
}
