using System.Text;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.History;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Records;

public sealed class RecordBatchTests
{
    private static readonly FeatureSpec Spec = new(
    [
        new FieldSpec { Name = "amount" },
        new FieldSpec { Name = "shop", Kind = FieldKind.Categorical },
        new FieldSpec { Name = "card", Kind = FieldKind.Key },
    ]);

    [Fact]
    public void Append_NewRecord_IsMissingThroughoutAndEmpty()
    {
        var batch = new RecordBatch(Spec, 1);

        var row = batch.Append(new RecordOrigin("payments", 2, 77, 1234));

        Assert.Equal(0, row);
        Assert.All(Enumerable.Range(0, 3), field => Assert.True(batch.IsMissing(field, row)));
        Assert.True(double.IsNaN(batch.Numbers(0)[0]));
        Assert.True(batch.Text(1, 0).IsEmpty);
        Assert.Equal(new RecordOrigin("payments", 2, 77, 1234), batch.Origins[0]);
    }

    [Fact]
    public void Append_PastCapacity_KeepsEveryRecord()
    {
        var batch = new RecordBatch(Spec, 2);

        Fill(batch, 1000);

        Assert.Equal(1000, batch.Count);
        AssertFilled(batch, 1000);
    }

    [Fact]
    public void SetText_EmptyText_IsNotMissing()
    {
        var batch = new RecordBatch(Spec, 1);
        var row = batch.Append(Origin(0));

        batch.SetText(1, row, ""u8);

        Assert.False(batch.IsMissing(1, row));
        Assert.True(batch.Text(1, row).IsEmpty);
    }

    [Fact]
    public void SetText_LongerThanTheArena_Fits()
    {
        var batch = new RecordBatch(Spec, 1);
        Fill(batch, 3);
        var row = batch.Append(Origin(3));
        var text = Encoding.UTF8.GetBytes(new string('x', 100_000));

        batch.SetText(1, row, text);

        Assert.True(batch.Text(1, row).SequenceEqual(text));
        AssertFilled(batch, 3);
    }

    [Fact]
    public void RemoveLast_AfterTexts_GivesTheirSpaceBack()
    {
        var batch = new RecordBatch(Spec, 16);
        Fill(batch, 8);
        var text = new byte[100];

        // A batch of 16 begins with 256 bytes for texts: a thousand texts would outgrow them if their space did not come back.
        var allocated = Allocations.InSteadyState(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                batch.SetText(1, batch.Append(Origin(8)), text);
                batch.RemoveLast();
            }
        });

        Assert.Equal(0, allocated);
        Assert.Equal(8, batch.Count);
        AssertFilled(batch, 8);
    }

    [Fact]
    public void RemoveLast_ThenAppend_StartsFromMissing()
    {
        var batch = new RecordBatch(Spec, 4);
        var row = batch.Append(Origin(0));
        batch.SetNumber(0, row, 5);
        batch.SetText(1, row, "shop"u8);
        batch.RemoveLast();

        row = batch.Append(Origin(1));

        Assert.Equal(0, row);
        Assert.True(batch.IsMissing(0, row));
        Assert.True(batch.IsMissing(1, row));
        Assert.Equal(1, batch.Origins[0].Offset);
    }

    [Fact]
    public void Clear_ThenRefill_AllocatesNothing()
    {
        var batch = new RecordBatch(Spec, 4);
        var texts = Enumerable.Range(0, 500).Select(i => Encoding.UTF8.GetBytes($"shop {i}")).ToArray();

        Assert.Equal(0, Allocations.InSteadyState(() => Refill(batch, texts)));
        Assert.True(batch.Text(1, 499).SequenceEqual("shop 499"u8));
    }

    [Fact]
    public void AppendFrom_OtherBatch_CopiesValuesAndOrigin()
    {
        var source = new RecordBatch(Spec, 4);
        Fill(source, 3);
        source.Append(Origin(3));
        var target = new RecordBatch(Spec, 1);

        for (var i = 0; i < 4; i++)
            Assert.Equal(i, target.AppendFrom(source, i));
        source.Clear();
        source.SetText(1, source.Append(Origin(9)), "overwritten"u8);

        AssertFilled(target, 3);
        Assert.All(Enumerable.Range(0, 3), field => Assert.True(target.IsMissing(field, 3)));
        Assert.Equal(3, target.Origins[3].Offset);
    }

    [Fact]
    public void AppendFrom_BatchOfOtherFields_IsRefused()
    {
        var source = new RecordBatch(new FeatureSpec([new FieldSpec { Name = "x" }]), 1);
        source.Append(Origin(0));

        var error = Assert.Throws<ArgumentException>(() => new RecordBatch(Spec, 1).AppendFrom(source, 0));

        Assert.Contains("1 fields does not fit a batch of 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepOnly_SomeRows_LeavesWhatACopyOfThemHolds()
    {
        var spec = HistoryRecords.Options().ToSpec();
        var batch = HistoryRecords.Make(spec, 300, 7, seed: 3);
        new KeyHistory(spec).Take(batch);
        batch.MarkGap(200);
        int[] rows = [0, 3, 4, 200, 299];
        var expected = new RecordBatch(spec, 1);
        foreach (var row in rows)
            expected.AppendFrom(batch, row);

        batch.KeepOnly(rows);

        AssertSame(expected, batch);
        Assert.True(batch.FollowsGap(3));
        // It goes on as any other.
        expected.AppendFrom(expected, 1);
        batch.AppendFrom(batch, 1);
        AssertSame(expected, batch);
    }

    [Fact]
    public void KeepOnly_TextsSetInAnyOrder_KeepsEach()
    {
        var batch = new RecordBatch(Spec, 1);
        for (var i = 0; i < 3; i++)
            batch.Append(Origin(i));
        batch.SetText(2, 2, "last"u8);
        batch.SetText(1, 2, "shop"u8);
        batch.SetText(1, 1, "middle"u8);
        batch.SetText(1, 0, ""u8);

        batch.KeepOnly([0, 2]);

        Assert.Equal(2, batch.Count);
        Assert.False(batch.IsMissing(1, 0));
        Assert.True(batch.Text(1, 0).IsEmpty);
        Assert.True(batch.IsMissing(2, 0));
        Assert.Equal("shop", Encoding.UTF8.GetString(batch.Text(1, 1)));
        Assert.Equal("last", Encoding.UTF8.GetString(batch.Text(2, 1)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 3)]
    [InlineData(-1, 1)]
    public void KeepOnly_RowsThatDoNotAscendOrAreNone_IsRefused(int first, int second)
    {
        var batch = new RecordBatch(Spec, 1);
        Fill(batch, 3);

        var error = Assert.Throws<ArgumentException>(() => batch.KeepOnly([first, second]));

        Assert.Contains("none of the 3 rows, or does not ascend", error.Message, StringComparison.Ordinal);
        AssertFilled(batch, 3);
    }

    [Fact]
    public void KeepOnly_TextsInTheOrderOfTheRows_TakesNoOtherMemoryForThem()
    {
        var batch = new RecordBatch(Spec, 4_096);
        Fill(batch, 4_096);
        int[] rows = [.. Enumerable.Range(0, 4_095)];

        // Each time one less.
        var count = rows.Length;
        var allocated = Allocations.InSteadyState(() => batch.KeepOnly(rows.AsSpan(0, count--)));

        Assert.Equal(0, allocated);
        AssertFilled(batch, count + 1);
    }

    [Fact]
    public void Reserve_MoreThanThereIs_GrowsToJustThat()
    {
        var batch = new RecordBatch(Spec, 8);
        Fill(batch, 8);

        batch.Reserve(4);
        Assert.Equal(8, batch.Capacity);
        batch.Reserve(11);

        Assert.Equal(11, batch.Capacity);
        AssertFilled(batch, 8);
    }

    [Fact]
    public void SetUsual_BatchThatKeepsNone_HoldsAllElse()
    {
        var spec = HistoryRecords.Options().ToSpec();
        var records = HistoryRecords.Make(spec, 50, 7, seed: 3);
        var (keeping, other) = (new RecordBatch(spec, 1), new RecordBatch(spec, 1, keepsUsual: false));
        for (var row = 0; row < records.Count; row++)
        {
            HistoryRecords.Copy(records, row, keeping);
            HistoryRecords.Copy(records, row, other);
        }

        new KeyHistory(spec).Take(keeping);
        new KeyHistory(spec).Take(other);
        other.KeepOnly([.. Enumerable.Range(0, 49)]);
        other.AppendFrom(keeping, 49);

        var usual = HistoryRecords.IndexOf(spec, "amount_usual");
        Assert.False(double.IsNaN(keeping.Usual(usual, 49)));
        for (var row = 0; row < 50; row++)
        {
            Assert.Equal(keeping.HistoryRecords(row), other.HistoryRecords(row));
            Assert.Equal(keeping.Numbers(usual)[row], other.Numbers(usual)[row]);
            Assert.True(double.IsNaN(other.Usual(usual, row)));
        }
    }

    [Fact]
    public void KeepOnly_FewRows_GivesTheSpaceOfTheOtherTextsBack()
    {
        var batch = new RecordBatch(Spec, 1_000);
        Fill(batch, 1_000);

        // Each time twenty thousand bytes, of which none is left behind.
        var allocated = Allocations.InSteadyState(() =>
        {
            batch.KeepOnly([0]);
            for (var row = 1; row < 1_000; row++)
                batch.SetText(1, batch.Append(Origin(row)), "a text of some length"u8);
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void HistoryRecords_WithoutHistoryOrBeforeIt_IsNotKnown()
    {
        var plain = new RecordBatch(Spec, 1);
        Fill(plain, 1);
        Assert.Null(plain.HistoryRecords(0));

        var spec = HistoryRecords.Options().ToSpec();
        var batch = HistoryRecords.Make(spec, 3, 1, seed: 3);
        Assert.Null(batch.HistoryRecords(0));
        new KeyHistory(spec).Take(batch);
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(batch.HistoryRecords));

        // What is added to a batch that is used again knows nothing of the one before.
        batch.Clear();
        HistoryRecords.Add(batch, "card", 1, 1, null);
        Assert.Null(batch.HistoryRecords(0));
    }

    [Fact]
    public void MarkGap_SeveralRows_KeepsEachAndRefusesWhatIsNone()
    {
        var batch = new RecordBatch(Spec, 4);
        Fill(batch, 3);

        batch.MarkGap(0);
        batch.MarkGap(2);

        Assert.Equal([true, false, true], Enumerable.Range(0, 3).Select(batch.FollowsGap));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.MarkGap(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => batch.MarkGap(-1));
    }

    [Fact]
    public void RecordBatch_OfNothing_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => new RecordBatch(null!, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecordBatch(Spec, 0));
        Assert.Throws<ArgumentNullException>(() => new RecordBatch(Spec, 1).AppendFrom(null!, 0));
    }

    [Fact]
    public void Release_FullBatch_IsAsNew()
    {
        var batch = new RecordBatch(Spec, 1);
        Fill(batch, 1000);
        batch.MarkGap(0);

        batch.Release();

        Assert.Equal((0, 1), (batch.Count, batch.Capacity));
        Fill(batch, 1000);
        AssertFilled(batch, 1000);
        Assert.False(batch.FollowsGap(0));
    }

    private static void AssertSame(RecordBatch expected, RecordBatch found)
    {
        Assert.Equal(expected.Origins.ToArray(), found.Origins.ToArray());
        for (var row = 0; row < expected.Count; row++)
        {
            Assert.Equal(expected.FollowsGap(row), found.FollowsGap(row));
            Assert.Equal(expected.HistoryRecords(row), found.HistoryRecords(row));
            for (var field = 0; field < expected.Spec.Fields.Count; field++)
            {
                Assert.Equal(expected.IsMissing(field, row), found.IsMissing(field, row));
                Assert.Equal(expected.Usual(field, row), found.Usual(field, row));
                if (FeatureSpec.IsNumber(expected.Spec.Fields[field].Kind))
                    Assert.Equal(expected.Numbers(field)[row], found.Numbers(field)[row]);
                else
                    Assert.True(expected.Text(field, row).SequenceEqual(found.Text(field, row)));
            }
        }
    }

    private static RecordOrigin Origin(long offset) => new("t", 0, offset, -1);

    private static void Fill(RecordBatch batch, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var row = batch.Append(Origin(i));
            batch.SetNumber(0, row, i * 0.5);
            batch.SetText(1, row, Encoding.UTF8.GetBytes($"s{i}"));
            batch.SetText(2, row, Encoding.UTF8.GetBytes($"c{i}"));
        }
    }

    private static void AssertFilled(RecordBatch batch, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i * 0.5, batch.Numbers(0)[i]);
            Assert.Equal($"s{i}", Encoding.UTF8.GetString(batch.Text(1, i)));
            Assert.Equal($"c{i}", Encoding.UTF8.GetString(batch.Text(2, i)));
            Assert.Equal(i, batch.Origins[i].Offset);
        }
    }

    private static void Refill(RecordBatch batch, byte[][] texts)
    {
        batch.Clear();
        for (var i = 0; i < texts.Length; i++)
            batch.SetText(1, batch.Append(Origin(i)), texts[i]);
    }
}
