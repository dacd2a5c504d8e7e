using AEAnomaly.Host.Exposition;

namespace AEAnomaly.Host.Tests.Exposition;

public sealed class MetricNameTests
{
    [Theory]
    [InlineData("aeanomaly.records.scored", "{record}", true, "aeanomaly_records_scored")]
    [InlineData("aeanomaly.things.total", null, true, "aeanomaly_things")]
    [InlineData("aeanomaly.scoring.duration", "s", false, "aeanomaly_scoring_duration_seconds")]
    [InlineData("aeanomaly.delay_seconds", "s", false, "aeanomaly_delay_seconds")]
    [InlineData("aeanomaly.consumed", "By", true, "aeanomaly_consumed_bytes")]
    [InlineData("aeanomaly.share", "1", false, "aeanomaly_share_ratio")]
    [InlineData("aeanomaly.share", "1", true, "aeanomaly_share")]
    [InlineData("dotnet.timer.count", "{timer}", false, "dotnet_timer_number")]
    [InlineData("9-lives  left.", null, false, "_9_lives_left")]
    public void Of_InstrumentAndUnit_IsTheFamily(string instrument, string? unit, bool isCounter, string family) =>
        Assert.Equal(family, MetricName.Of(instrument, unit, isCounter));

    [Theory]
    [InlineData("detector", "detector")]
    [InlineData("gc.heap.generation", "gc_heap_generation")]
    [InlineData("1st-time", "_1st_time")]
    [InlineData("__reserved", "_reserved")]
    public void OfLabel_Tag_IsAValidLabel(string tag, string label) => Assert.Equal(label, MetricName.OfLabel(tag));
}
