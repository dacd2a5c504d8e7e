using AEAnomaly.Detection.Sequences;

namespace AEAnomaly.Detection.Tests.Sequences;

public sealed class KeyWindowsTests
{
    [Fact]
    public void Add_MoreThanTheWindow_KeepsTheLastInOrder()
    {
        var window = new KeyWindow(3, 2, 1);
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
        // 4 records of 2 floats and a flag, and 256 bytes around them.
        var keys = new KeyWindows(4, 2, 1, budgetBytes: 3 * (36 + 256));
        Assert.Equal(3, keys.Capacity);
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

        KeyWindow Use(string name) => keys.Use(System.Text.Encoding.UTF8.GetBytes(name));
    }

    [Fact]
    public void Use_RandomKeys_HoldsTheSameKeysAsASortedList()
    {
        var keys = new KeyWindows(1, 1, 1, budgetBytes: 7 * (5 + 256));
        var recent = new List<byte>();
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            var key = (byte)random.Next(20);
            var held = recent.Remove(key);
            recent.Add(key);
            if (recent.Count > 7)
                recent.RemoveAt(0);
            var window = keys.Use([key]);
            Assert.Equal(held ? 1 : 0, window.Count);
            window.Add([1], [0]);
            Assert.Equal(recent.Count, keys.Count);
        }
    }

    [Fact]
    public void Capacity_TinyBudget_HoldsOneKey()
    {
        var keys = new KeyWindows(100, 100, 100, budgetBytes: 1);
        keys.Use("a"u8);
        keys.Use("b"u8);
        Assert.Equal((1, 1L), (keys.Count, keys.Evicted));
    }
}
