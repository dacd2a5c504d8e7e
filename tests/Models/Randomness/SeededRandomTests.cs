using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Tests.Randomness;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextUInt64_KnownSeed_FollowsThePublishedAlgorithms()
    {
        // SplitMix64 of 1234567 gives these four words (Rosetta Code's published values); xoshiro256** is then computed by hand from its definition.
        ulong[] state = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431];
        var random = new SeededRandom(1234567);
        for (var draw = 0; draw < 100; draw++)
        {
            var scrambled = state[1] * 5;
            scrambled = ((scrambled << 7) | (scrambled >> 57)) * 9;
            Assert.Equal(scrambled, random.NextUInt64());
            var shifted = state[1] << 17;
            state[2] ^= state[0];
            state[3] ^= state[1];
            state[1] ^= state[2];
            state[0] ^= state[3];
            state[2] ^= shifted;
            state[3] = (state[3] << 45) | (state[3] >> 19);
        }
    }

    [Fact]
    public void NextNormal_ManyDraws_HasTheMomentsOfTheNormalDistribution()
    {
        const int Draws = 200_000;
        var random = new SeededRandom(7);
        var moments = new double[5];
        for (var draw = 0; draw < Draws; draw++)
        {
            var value = random.NextNormal();
            for (var power = 1; power <= 4; power++)
                moments[power] += Math.Pow(value, power) / Draws;
        }

        // Four standard errors each: sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n).
        Assert.Equal(0, moments[1], 4 * Math.Sqrt(1.0 / Draws));
        Assert.Equal(1, moments[2], 4 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(0, moments[3], 4 * Math.Sqrt(15.0 / Draws));
        Assert.Equal(3, moments[4], 4 * Math.Sqrt(96.0 / Draws));
    }

    // Values of the normal distribution function from tables; the first and last lie in the tail, which is drawn in another way.
    [Theory]
    [InlineData(-3.5, 2.326291e-4)]
    [InlineData(-2, 0.0227501319)]
    [InlineData(-1, 0.1586552539)]
    [InlineData(-0.2, 0.4207402906)]
    [InlineData(0, 0.5)]
    [InlineData(0.1, 0.5398278373)]
    [InlineData(0.5, 0.6914624613)]
    [InlineData(1.5, 0.9331927987)]
    [InlineData(3, 0.9986501020)]
    [InlineData(3.6, 0.9998408914)]
    public void NextNormal_ManyDraws_FollowsTheDistributionFunction(double bound, double probability)
    {
        const int Draws = 400_000;
        var random = new SeededRandom(10);
        var below = 0;
        for (var draw = 0; draw < Draws; draw++)
            below += random.NextNormal() < bound ? 1 : 0;

        Assert.Equal(probability, (double)below / Draws, 4 * Math.Sqrt(probability * (1 - probability) / Draws));
    }

    [Fact]
    public void NextInt32_SmallRange_DrawsEveryValueEquallyOften()
    {
        var counts = new int[7];
        var random = new SeededRandom(8);
        for (var draw = 0; draw < 70_000; draw++)
            counts[random.NextInt32(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Shuffle_Values_KeepsEachOnce()
    {
        var values = Enumerable.Range(0, 100).ToArray();
        new SeededRandom(9).Shuffle(values);
        Assert.NotEqual(Enumerable.Range(0, 100), values);
        Assert.Equal(Enumerable.Range(0, 100), values.Order());
    }
}
