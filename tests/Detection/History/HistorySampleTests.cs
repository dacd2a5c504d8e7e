using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.History;

/// <summary>Of more records than are to be learned from, as many as that are kept, evenly over the window.</summary>
public sealed class HistorySampleTests
{
    private static readonly FeatureSpec Spec = HistoryRecords.Options().ToSpec();

    [Theory]
    [InlineData(1_000, 1_000)]
    [InlineData(1_334, 1_000)]
    [InlineData(1_335, 1_000)]
    [InlineData(20_000, 1_000)]
    [InlineData(60_011, 1_000)]
    [InlineData(20_000, 10)]
    [InlineData(5, 1)]
    public void Finish_MoreThanWanted_KeepsThatManyEvenlyOverTheWindowAfterItsFirstQuarter(int read, int wanted)
    {
        var offsets = Sample(read, wanted, wanted);

        // What was kept less the quarter that warmed up is between seven eighths of what is wanted and all of it; a window that is read whole loses the quarter.
        Assert.InRange(offsets.Count, Math.Min(read * 3 / 4, wanted * 7 / 8), wanted);
        Assert.Equal(offsets.Order().Distinct(), offsets);
        var apart = (double)(read - offsets[0]) / offsets.Count;
        Assert.InRange(offsets.Zip(offsets.Skip(1), (a, b) => b - a).DefaultIfEmpty(1).Max(), 1, Math.Max(3 * apart, 2));
    }

    [Fact]
    public void Finish_StreamWithAPeriod_KeepsEachOfItsPlacesAsOften()
    {
        // Every second, fourth or eighth record would be of the same kind each time.
        var offsets = Sample(64_000, 2_000, 2_000);

        Assert.All(offsets.CountBy(offset => offset % 8), place => Assert.InRange(place.Value, offsets.Count / 8 * 0.9, offsets.Count / 8 * 1.1));
    }

    [Fact]
    public void Finish_SameWindowInOtherChunksAndRoom_KeepsTheSame()
    {
        Assert.Equal(Sample(30_000, 700, 700), Sample(30_000, 700, 1, chunk: 3_000));
    }

    [Fact]
    public void Finish_FewerThanTheLeastAreWarm_LeavesNoneOut()
    {
        Assert.Equal(400, Sample(400, 1_000, 1_000, least: 301).Count);
        Assert.Equal(300, Sample(400, 1_000, 1_000, least: 300).Count);
    }

    private static List<long> Sample(int read, int wanted, int capacity, int least = 1, int chunk = 1)
    {
        var sample = new HistorySample(Spec, wanted, least, capacity);
        var arriving = new RecordBatch(Spec, 16);
        for (var i = 0; i < read; i++)
        {
            var row = arriving.Append(new RecordOrigin("payments", 0, i, -1));
            arriving.SetText(HistoryRecords.Card, row, "one"u8);
            arriving.SetNumber(HistoryRecords.Time, row, 1_700_000_000 + i);
            if (i % chunk == 0)
                sample.Arrived(arriving);
        }

        var kept = sample.Finish(arriving);
        return [.. kept.Origins.ToArray().Select(origin => origin.Offset)];
    }
}
