using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Tests.Training;

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

    [Fact]
    public void Factors_LessThanOneRow_KeepsAll()
    {
        var factors = new float[4];
        Assert.Equal(2.5, TrimmedMean.Factors([1f, 2f, 3f, 4f], 0.2, factors), 1e-12);
        Assert.Equal([0.25f, 0.25f, 0.25f, 0.25f], factors);
    }
}
