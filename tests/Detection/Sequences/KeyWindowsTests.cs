using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Sequences;

namespace AEAnomaly.Detection.Tests.Sequences;

public sealed class KeyWindowsTests
{
    [Fact]
    public void Add_MoreThanTheWindow_KeepsTheLastInOrder()
    {
        var window = new KeyWindow(new WindowShape(3, 2, 1));
        for (var i = 0; i < 5; i++)
            window.Add([i, -i], [(byte)(i == 3 ? 1 : 0)]);
        var (values, missing) = (new float[6], new byte[3]);
        window.CopyTo(values, missing);

        Assert.Equal(3, window.Count);
        Assert.Equal([2, -2, 3, -3, 4, -4], values);
        Assert.Equal([0, 1, 0], missing);
    }

    [Fact]
    public void Use_BudgetFull_TheKeyNotSeenForLongestLeaves()
    {
        // 4 records of 2 floats and a flag, and what lies around them.
        var shape = new WindowShape(4, 2, 1);
        Assert.Equal(36 + KeyWindow.OverheadBytes, shape.Bytes);
        var keys = new KeyWindows(budgetBytes: 3 * shape.Bytes);
        foreach (var name in (string[])["a", "b", "c", "a"])
            Use(name).Add([1, 1], [0]);

        Assert.Equal(0, Use("d").Count);
        Assert.Equal((3, 1L), (keys.Count, keys.Evicted));
        Assert.Equal(2, Use("a").Count);
        Assert.Equal(1, Use("c").Count);
        Assert.Equal(0, Use("b").Count);
        Assert.Equal((3, 2L), (keys.Count, keys.Evicted));
        Assert.Equal(2, Use("a").Count);
        Assert.Equal(1, Use("c").Count);

        KeyWindow Use(string name) => keys.Use(System.Text.Encoding.UTF8.GetBytes(name), shape);
    }

    [Fact]
    public void Use_RandomKeys_HoldsTheSameKeysAsASortedList()
    {
        var shape = new WindowShape(1, 1, 1);
        var keys = new KeyWindows(budgetBytes: 7 * shape.Bytes);
        var recent = new List<byte>();
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            var key = (byte)random.Next(20);
            var held = recent.Remove(key);
            recent.Add(key);
            if (recent.Count > 7)
                recent.RemoveAt(0);
            var window = keys.Use([key], shape);
            Assert.Equal(held ? 1 : 0, window.Count);
            window.Add([1], [0]);
            Assert.Equal(recent.Count, keys.Count);
        }
    }

    [Fact]
    public void Use_TinyBudget_HoldsOneKey()
    {
        var keys = new KeyWindows(budgetBytes: 1);
        keys.Use("a"u8, new WindowShape(100, 100, 100));
        keys.Use("b"u8, new WindowShape(100, 100, 100));
        Assert.Equal((1, 1L), (keys.Count, keys.Evicted));
    }

    [Fact]
    public void NextRecord_LongerThanTheOthers_KeepsThemAndCountsTheRoom()
    {
        var spec = new FeatureSpec([new() { Name = "kind", Kind = FieldKind.Categorical }]);
        var shape = new WindowShape(3, 1, 1);
        var keys = new KeyWindows(budgetBytes: 3 * (shape.Bytes + (3 * 16)), spec);
        foreach (var key in (byte[])[1, 2, 3])
            Add(key, "brief");
        Assert.Equal((3, 0L, 3 * (shape.Bytes + (3 * 16))), (keys.Count, keys.Evicted, keys.Bytes));

        Add(3, "rather longer than the others");
        Add(3, "as before");

        // 4 bytes of length before 29 of text, and the next multiple of 8: 3 x 40 bytes take the place of two other keys' windows.
        Assert.Equal((2, 1L, (2 * shape.Bytes) + (3 * 16) + (3 * 40)), (keys.Count, keys.Evicted, keys.Bytes));
        var window = keys.Use([3], shape);
        var records = new RecordBatch(spec, 3);
        for (var i = 0; i < 3; i++)
            keys.Records!.Read(window.Record(i), records);
        Assert.Equal(["brief", "rather longer than the others", "as before"], Enumerable.Range(0, 3).Select(row => Encoding.UTF8.GetString(records.Text(0, row))));

        void Add(byte key, string text)
        {
            var batch = new RecordBatch(spec, 1);
            batch.SetText(0, batch.Append(default), Encoding.UTF8.GetBytes(text));
            var window = keys.Use([key], shape);
            keys.Records!.Write(batch, 0, keys.NextRecord(window, keys.Records.SizeOf(batch, 0)));
            window.Add([1], [0]);
        }
    }

    [Fact]
    public void Forget_APartition_RemovesTheKeysLastSeenThere()
    {
        var shape = new WindowShape(2, 1, 1);
        var keys = new KeyWindows(budgetBytes: 10_000);
        for (byte key = 0; key < 6; key++)
        {
            var window = keys.Use([key], shape);
            window.Add([1], [0]);
            (window.Topic, window.Partition) = (key < 4 ? "a" : "b", key % 2);
        }

        keys.Forget(new HashSet<(string, int)> { ("a", 1), ("b", 0) });

        Assert.Equal((3, 0L, 3 * shape.Bytes), (keys.Count, keys.Evicted, keys.Bytes));
        Assert.Equal([1, 0, 1, 0, 0, 1], Enumerable.Range(0, 6).Select(key => keys.Use([(byte)key], shape).Count));
    }
}
