using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Tests.Randomness;

public sealed class SeededRandomTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 3)]
    [InlineData(7, 0)]
    [InlineData(33, 2)]
    public void FillNormal_AnyCount_ContinuesTheSequenceOfNextNormal(int count, int before)
    {
        var (one, many) = (new SeededRandom(5), new SeededRandom(5));
        for (var i = 0; i < before; i++)
            Assert.Equal(one.NextNormal(), many.NextNormal());
        for (var round = 0; round < 3; round++)
        {
            var values = new float[count];
            many.FillNormal(values);
            Assert.All(values, value => Assert.Equal((float)one.NextNormal(), value));
        }

        Assert.Equal(one.NextNormal(), many.NextNormal());
        Assert.Equal(one.NextUInt64(), many.NextUInt64());
    }

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
