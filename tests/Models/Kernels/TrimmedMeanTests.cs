using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tests.Kernels;

public sealed class TrimmedMeanTests
{
    [Fact]
    public void Factors_ShareOfRows_LeavesTheWorstOut()
    {
        var factors = new float[5];
        var mean = TrimmedMean.Factors([1f, 9f, 2f, float.PositiveInfinity, 3f], 0.4, factors);
        Assert.Equal(2, mean, 1e-12);
        Assert.Equal([1f / 3, 0, 1f / 3, 0, 1f / 3], factors);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(101)]
    [InlineData(1000)]
    public void Factors_ManyRows_LeavesThoseOutThatSortingNames(int rows)
    {
        var random = new Random(rows);
        var losses = Enumerable.Range(0, rows).Select(_ => (float)random.Next(rows / 2)).ToArray();
        var factors = new float[rows];
        TrimmedMean.Factors(losses, 0.13, factors);

        var trimmed = (int)(rows * 0.13);
        var expected = Enumerable.Range(0, rows).OrderByDescending(row => losses[row]).ThenByDescending(row => row).Take(trimmed).Order();
        Assert.Equal(expected, Enumerable.Range(0, rows).Where(row => factors[row] == 0));
    }

    [Fact]
    public void Factors_NotANumber_ShowsInTheMean() => Assert.True(double.IsNaN(TrimmedMean.Factors([1f, float.NaN, 3f, 2f], 0.5, new float[4])));

    [Fact]
    public void Factors_LessThanOneRow_KeepsAll()
    {
        var factors = new float[4];
        Assert.Equal(2.5, TrimmedMean.Factors([1f, 2f, 3f, 4f], 0.2, factors), 1e-12);
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], factors);
    }
}
