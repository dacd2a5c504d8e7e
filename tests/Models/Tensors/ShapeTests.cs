using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;

namespace AEAnomaly.Models.Tests.Tensors;

public sealed class ShapeTests
{
    [Fact]
    public void Constructor_BadExtents_SaysWhatIsAllowed()
    {
        Assert.Contains("rank 1 to 4; found rank 5", Message(() => new Shape(1, 1, 1, 1, 1)), StringComparison.Ordinal);
        Assert.Contains("at least 1; found 0", Message(() => new Shape(2, 0)), StringComparison.Ordinal);
        Assert.Contains("this shape has more", Message(() => new Shape(1 << 20, 1 << 20)), StringComparison.Ordinal);

        static string Message(Func<object> create) => Assert.Throws<ArgumentException>(create).Message;
    }

    [Fact]
    public void Indexer_BeyondTheRank_NamesTheRank()
    {
        var shape = new Shape(2, 3);
        Assert.Equal((2, 3, 6), (shape[0], shape[1], shape.Count));
        Assert.Contains("rank 2", Assert.Throws<ArgumentOutOfRangeException>(() => shape[2]).Message, StringComparison.Ordinal);
        Assert.Equal("[2, 3]", shape.ToString());
        Assert.True(shape != new Shape(2, 3, 1));
    }

    [Theory]
    [InlineData(new[] { 2, 3, 4 }, new[] { 2, 3, 4 }, 1, 1, 24)]
    [InlineData(new[] { 2, 3, 4 }, new[] { 4 }, 1, 6, 4)]
    [InlineData(new[] { 2, 3, 4 }, new[] { 3, 4 }, 1, 2, 12)]
    [InlineData(new[] { 2, 3, 4 }, new[] { 2, 1, 4 }, 2, 3, 4)]
    [InlineData(new[] { 2, 3, 4 }, new[] { 2, 1, 1 }, 2, 12, 1)]
    [InlineData(new[] { 2, 3, 4 }, new[] { 1 }, 1, 24, 1)]
    [InlineData(new[] { 2, 1, 4 }, new[] { 1 }, 1, 8, 1)]
    public void TryBroadcast_FittingShapes_FindsTheSplit(int[] large, int[] small, int outer, int axis, int inner)
    {
        Assert.True(AxisSplit.TryBroadcast(new Shape(large), new Shape(small), out var split));
        Assert.Equal(new AxisSplit(outer, axis, inner), split);
    }

    [Theory]
    [InlineData(new[] { 2, 3, 4 }, new[] { 3 })]
    [InlineData(new[] { 2, 3, 4 }, new[] { 1, 3, 1 })]
    [InlineData(new[] { 3 }, new[] { 1, 3 })]
    public void TryBroadcast_OtherShapes_IsRefused(int[] large, int[] small) =>
        Assert.False(AxisSplit.TryBroadcast(new Shape(large), new Shape(small), out _));

    [Fact]
    public void BeginScope_Disposed_ReusesItsMemoryOnly()
    {
        var device = new CpuDevice();
        var kept = device.Create(new Shape(100));
        DeviceMemory inner;
        using (device.BeginScope())
        {
            var outerTensor = device.Create(new Shape(100));
            using (device.BeginScope())
                inner = device.Create(new Shape(120)).Memory;

            var next = device.Create(new Shape(65));
            Assert.Same(inner, next.Memory);
            Assert.NotSame(outerTensor.Memory, next.Memory);
        }

        using (device.BeginScope())
        {
            var reused = new[] { device.Create(new Shape(128)).Memory, device.Create(new Shape(128)).Memory };
            Assert.Contains(inner, reused);
            Assert.DoesNotContain(kept.Memory, reused);
        }
    }
}
