using AEAnomaly.Ingest.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Which copies came before: known one by one, so that nothing that is new passes for a repetition.</summary>
public sealed class SeenOffsetsTests
{
    [Fact]
    public void TryAdd_OffsetsInAnyOrder_EachIsNewOnce()
    {
        var seen = new SeenOffsets();
        long[] offsets = [1_000, 1_002, 1_150, 1_120, 1_001, 1_149, 900, 64, 63, 0];

        Assert.All(offsets, offset => Assert.True(seen.TryAdd(offset, 5)));
        Assert.All(offsets, offset => Assert.False(seen.TryAdd(offset, 5)));
        Assert.True(seen.TryAdd(1_003, 5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(SeenOffsets.Window - 1)]
    [InlineData(SeenOffsets.Window)]
    [InlineData(5 * SeenOffsets.Window)]
    public void TryAdd_AfterAStep_WhatWasNotSeenIsNew(int step)
    {
        var seen = new SeenOffsets();
        for (var offset = 0; offset < SeenOffsets.Window; offset++)
            Assert.True(seen.TryAdd(offset, -1));

        var last = SeenOffsets.Window - 1 + step;
        Assert.True(seen.TryAdd(last, -1));
        Assert.False(seen.TryAdd(last, -1));
        // What the step passed over may still come.
        for (var offset = Math.Max(SeenOffsets.Window, last - SeenOffsets.Window + 1); offset < last; offset++)
            Assert.True(seen.TryAdd(offset, -1));
    }

    [Fact]
    public void TryAdd_OlderThanTheWindow_IsNotTakenForSeen()
    {
        var seen = new SeenOffsets();
        seen.TryAdd(5, 0);
        seen.TryAdd(5 + SeenOffsets.Window, 0);

        Assert.True(seen.TryAdd(5, 0));
        Assert.False(seen.TryAdd(5 + SeenOffsets.Window, 0));
    }

    [Fact]
    public void TryAdd_LogThatWasCutAndHasGrownAgain_IsNew()
    {
        var seen = new SeenOffsets();
        for (var offset = 0; offset < 100; offset++)
            seen.TryAdd(offset, 3);

        Assert.True(seen.TryAdd(90, 4));
        Assert.True(seen.TryAdd(91, 4));
        Assert.False(seen.TryAdd(90, 4));
    }

    [Fact]
    public void TryAdd_LeaderThatMoved_KnowsWhatCameBefore()
    {
        var seen = new SeenOffsets();
        Assert.True(seen.TryAdd(10, 3));
        Assert.True(seen.TryAdd(11, 4));

        Assert.False(seen.TryAdd(10, 3));
        Assert.False(seen.TryAdd(11, 4));
    }
}
