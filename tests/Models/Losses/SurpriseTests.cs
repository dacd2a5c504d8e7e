using AEAnomaly.Models.Losses;

namespace AEAnomaly.Models.Tests.Losses;

public sealed class SurpriseTests
{
    [Fact]
    public void Of_GrowingEnergies_GrowsStrictlyAndStaysAboveZero()
    {
        var last = 0f;
        for (var energy = -5000.0; energy < 5000; energy += 0.5)
        {
            var score = Surprise.Of(energy, 12);
            Assert.True(score > last, $"{score} at {energy} after {last}.");
            last = score;
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1.5, 2)]
    [InlineData(-1.5, 0.5)]
    [InlineData(1000, 1000.001)]
    public void Of_NatsAboveTheReference_GivesTheFormulasValue(double nats, double score) => Assert.Equal(score, Surprise.Of(3 + nats, 3), 1e-5 * (1 + score));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void Of_EnergyBeyondAllScores_GivesTheLargest(double energy) => Assert.Equal(float.MaxValue, Surprise.Of(energy, 3));

    [Fact]
    public void Reference_HundredAndOneEnergies_IsTheSixthSmallest()
    {
        float[] energies = [.. Enumerable.Range(0, 101).Select(i => (float)((i * 37) % 101))];
        Assert.Equal(5, Surprise.Reference(energies));
        Assert.Equal(7, Surprise.Reference([7]));
    }
}
