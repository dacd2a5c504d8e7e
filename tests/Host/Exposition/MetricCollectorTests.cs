using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using AEAnomaly.Host.Exposition;
using AEAnomaly.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Prometheus;

namespace AEAnomaly.Host.Tests.Exposition;

public sealed class MetricCollectorTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MetricCollector _collector;
    private readonly Meter _meter;

    public MetricCollectorTests()
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
    public async Task Write_InstrumentOfAnotherHost_IsNotSeen()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("AEAnomaly.Test").CreateCounter<long>("aeanomaly.test.foreign").Add(1);

        Assert.Empty(await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_foreign"));
    }

    [Fact]
    public async Task Write_Counter_CarriesTotalInBothFormatsAndInTheTextFamilyOnly()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.things", "{thing}", "Things seen.");
        counter.Add(2, new KeyValuePair<string, object?>("detector", "a"));
        counter.Add(3, new KeyValuePair<string, object?>("detector", "a"));

        var text = await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_things");
        Assert.Equal(
            ["# HELP aeanomaly_test_things_total Things seen.", "# TYPE aeanomaly_test_things_total counter", "aeanomaly_test_things_total{detector=\"a\"} 5"],
            text);
        var open = await LinesAsync(ExpositionFormat.OpenMetricsText, "aeanomaly_test_things");
        Assert.Equal(
            ["# HELP aeanomaly_test_things Things seen.", "# TYPE aeanomaly_test_things counter", "aeanomaly_test_things_total{detector=\"a\"} 5.0"],
            open);
    }

    [Fact]
    public async Task Write_Histogram_HasCumulativeBucketsUpToTheCount()
    {
        var histogram = _meter.CreateHistogram<double>(
            "aeanomaly.test.wait", "s", "Wait.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in new[] { 0.05, 0.1, 0.5, 7 })
            histogram.Record(value);

        Assert.Equal(
            [
                "# HELP aeanomaly_test_wait_seconds Wait.",
                "# TYPE aeanomaly_test_wait_seconds histogram",
                "aeanomaly_test_wait_seconds_sum 7.65",
                "aeanomaly_test_wait_seconds_count 4",
                "aeanomaly_test_wait_seconds_bucket{le=\"0.1\"} 2",
                "aeanomaly_test_wait_seconds_bucket{le=\"1.0\"} 3",
                "aeanomaly_test_wait_seconds_bucket{le=\"+Inf\"} 4",
            ],
            await LinesAsync(ExpositionFormat.OpenMetricsText, "aeanomaly_test_wait"));
        Assert.Contains("aeanomaly_test_wait_seconds_bucket{le=\"1\"} 3", await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_wait"));
    }

    [Fact]
    public async Task Write_LabelWithQuotesBackslashAndLineEnd_EscapesThem()
    {
        _meter.CreateCounter<long>("aeanomaly.test.odd").Add(1, new KeyValuePair<string, object?>("reason.code", "a\"b\\c\nd"));

        Assert.Contains("aeanomaly_test_odd_total{reason_code=\"a\\\"b\\\\c\\nd\"} 1", await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_odd"));
    }

    [Fact]
    public async Task Write_SameTagsInAnotherOrder_AreOneSeries()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.order");
        counter.Add(1, new("a", "1"), new("b", "2"));
        counter.Add(1, new("b", "2"), new("a", "1"));
        counter.Add(5, new("a", "2"), new("b", "1"));

        var samples = (await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_order")).Where(l => !l.StartsWith('#'));
        Assert.Equal(["aeanomaly_test_order_total{a=\"1\",b=\"2\"} 2", "aeanomaly_test_order_total{a=\"2\",b=\"1\"} 5"], samples);
    }

    [Fact]
    public async Task Record_MoreSeriesThanAllowed_DropsAndCountsTheRest()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.many");
        for (var i = 0; i < MetricFamily.MaxSeries + 7; i++)
            counter.Add(1, new KeyValuePair<string, object?>("i", i));

        Assert.Equal(MetricFamily.MaxSeries, (await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_many")).Count(l => !l.StartsWith('#')));
        Assert.Contains("aeanomaly_metrics_dropped_measurements_total 7", await LinesAsync(ExpositionFormat.PrometheusText, "dropped_measurements"));
    }

    [Fact]
    public void Record_KnownSeries_AllocatesNothing()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.steady");
        var histogram = _meter.CreateHistogram<double>("aeanomaly.test.duration");
        var open = _meter.CreateUpDownCounter<long>("aeanomaly.test.open");
        var tag = new KeyValuePair<string, object?>("detector", "a");
        var number = new KeyValuePair<string, object?>("partition", 12345);
        using var trace = new Activity("a trace that an exemplar could point at").Start();

        Assert.Equal(0, Allocations.InSteadyState(() =>
        {
            counter.Add(1, tag);
            counter.Add(1, number, tag, new("kind", "c"));
            histogram.Record(0.3, tag);
            open.Add(-1, tag);
        }));
    }

    [Fact]
    public async Task Write_TagsThatAreNoText_AreWrittenWithoutTheCulture()
    {
        _meter.CreateCounter<long>("aeanomaly.test.kinds").Add(1, new("flag", true), new("number", 1.5), new("nothing", null));

        Assert.Contains("aeanomaly_test_kinds_total{flag=\"true\",nothing=\"\",number=\"1.5\"} 1", await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_kinds"));
    }

    [Fact]
    public async Task Write_HelpWithQuotesBackslashAndLineEnd_IsOneLineValidInBothFormats()
    {
        _meter.CreateCounter<long>("aeanomaly.test.help", null, "\"a\\b\"\nc").Add(1);

        Assert.Contains("# HELP aeanomaly_test_help_total 'a\\\\b'\\nc", await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_help"));
    }

    [Fact]
    public async Task Write_ObservedGaugeWithoutTagsThatIsNoLongerReported_IsGone()
    {
        double[] reported = [2.5];
        _meter.CreateObservableGauge("aeanomaly.test.age", () => reported.Select(value => new Measurement<double>(value)), null, "Age.");
        Assert.Contains("aeanomaly_test_age 2.5", await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_age"));

        reported = [];

        Assert.Equal(["# HELP aeanomaly_test_age Age.", "# TYPE aeanomaly_test_age gauge"], await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_age"));
    }

    [Fact]
    public async Task Write_SeriesThatVanished_MakeRoomForOthers()
    {
        var first = 0;
        _meter.CreateObservableGauge(
            "aeanomaly.test.lag",
            () => Enumerable.Range(first, MetricFamily.MaxSeries).Select(i => new Measurement<int>(i, new KeyValuePair<string, object?>("partition", i))));
        _collector.Observe();
        // The new ones come while the old ones still hold their places: they are dropped once, and shown from the next scrape on.
        first = MetricFamily.MaxSeries;
        _collector.Observe();

        Assert.Equal(MetricFamily.MaxSeries, (await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_lag")).Count(l => !l.StartsWith('#')));
    }

    [Fact]
    public async Task Write_OpenMetrics_EndsWithTheEndMark() =>
        Assert.EndsWith("# EOF\n", await PageAsync(ExpositionFormat.OpenMetricsText), StringComparison.Ordinal);

    [Fact]
    public async Task Write_ObservedSeriesThatIsNoLongerReported_IsGoneAndMayComeBack()
    {
        string[] versions = ["one", "two"];
        _meter.CreateObservableGauge(
            "aeanomaly.test.version", () => versions.Select(version => new Measurement<int>(1, new KeyValuePair<string, object?>("version", version))), null, "Versions.");
        Assert.Equal(2, await CountAsync());

        versions = ["two"];
        Assert.Equal(["aeanomaly_test_version{version=\"two\"} 1"], (await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_version")).Where(l => !l.StartsWith('#')));

        versions = ["one", "two", "three"];
        Assert.Equal(3, await CountAsync());

        async Task<int> CountAsync() => (await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_version")).Count(l => !l.StartsWith('#'));
    }

    [Fact]
    public async Task Write_ObservedCounterThatFalls_ShowsItsValue()
    {
        long value = 7;
        _meter.CreateObservableCounter("aeanomaly.test.falling", () => value);
        Assert.Contains("aeanomaly_test_falling_total 7", await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_falling"));

        value = 3;

        Assert.Contains("aeanomaly_test_falling_total 3", await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_falling"));
    }

    [Fact]
    public async Task Write_CounterThatIsNotObservedAnew_KeepsItsSeries()
    {
        _meter.CreateCounter<long>("aeanomaly.test.once").Add(1);
        await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_once");

        Assert.Contains("aeanomaly_test_once_total 1", await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_once"));
    }

    [Fact]
    public async Task Write_TagNamesThatDifferWithinOneInstrument_AreSeriesOfTheirOwn()
    {
        var counter = _meter.CreateCounter<long>("aeanomaly.test.mixed", null, "Mixed.");
        counter.Add(1);
        counter.Add(2, new KeyValuePair<string, object?>("kind", "x"));

        Assert.Equal(
            ["# HELP aeanomaly_test_mixed_total Mixed.", "# TYPE aeanomaly_test_mixed_total counter", "aeanomaly_test_mixed_total 1", "aeanomaly_test_mixed_total{kind=\"x\"} 2"],
            await LinesAsync(ExpositionFormat.PrometheusText, "aeanomaly_test_mixed"));
    }

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
        await promtool.StandardInput.WriteAsync(await PageAsync(ExpositionFormat.PrometheusText));
        promtool.StandardInput.Close();
        var complaints = await promtool.StandardError.ReadToEndAsync() + await promtool.StandardOutput.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.True(promtool.ExitCode == 0, complaints);
    }

    private async Task<string[]> LinesAsync(ExpositionFormat format, string family) =>
        [.. (await PageAsync(format)).Split('\n').Where(l => l.Contains(family, StringComparison.Ordinal))];

    private async Task<string> PageAsync(ExpositionFormat format)
    {
        _collector.Observe();
        using var page = new MemoryStream();
        await _collector.Registry.CollectAndExportAsTextAsync(page, format);
        return Encoding.UTF8.GetString(page.ToArray());
    }
}
