using System.Text;
using AEAnomaly.Detection.Records;
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
