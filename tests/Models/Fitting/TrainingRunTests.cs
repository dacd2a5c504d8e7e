using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Models.Tests.Fitting;

public sealed class TrainingRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(524_288)]
    public void StepsOf_NetworkOfUsualSize_AreThoseAskedFor(long weights) => Assert.Equal(2_000, TrainingRun.StepsOf(2_000, weights, 700, 256));

    [Theory]
    [InlineData(2_000, 1_048_576, 700, 1_000)]
    [InlineData(2_000, 5_242_880, 700, 200)]
    [InlineData(20_000, 5_242_880, 700, 2_000)]
    public void StepsOf_LargerNetwork_AreAsManyFewer(int asked, long weights, int rows, int expected) =>
        Assert.Equal(expected, TrainingRun.StepsOf(asked, weights, rows, 256));

    [Theory]
    [InlineData(2_000, 5_242_880, 8_000, 1_000)]
    [InlineData(2_000, 5_242_880, 100_000, 2_000)]
    [InlineData(40, 5_242_880, 8_000, 40)]
    public void StepsOf_ManyRows_PassOverThemThirtyTwoTimesWithinTheLimit(int asked, long weights, int rows, int expected) =>
        Assert.Equal(expected, TrainingRun.StepsOf(asked, weights, rows, 256));

    [Fact]
    public void StepsOf_HugeNetwork_IsAtLeastOne() => Assert.Equal(1, TrainingRun.StepsOf(1, long.MaxValue, 1, 1));
}
