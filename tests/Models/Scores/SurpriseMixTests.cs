using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Tests.Scores;

public sealed class SurpriseMixTests
{
    [Theory]
    [InlineData(new[] { 5f }, 5.0)]
    [InlineData(new[] { 2f, 2f }, 2.0)]
    [InlineData(new[] { 1f, 2f, 3f }, (1 + 2 + 2 + 0.693147) / 3)]
    [InlineData(new[] { 0f, 0f, 0f }, 0.0)]
    [InlineData(new[] { 300f, 1f, 1f, 1f }, (4 + 5.703782) / 4)]
    public void Combine_OneRow_EqualsTheFormula(float[] surprises, double expected)
    {
        var mixed = new float[1];
        SurpriseMix.Combine(surprises, 1, mixed);
        Assert.Equal(expected, mixed[0], 1e-5);
        var parts = new float[surprises.Length];
        SurpriseMix.Divide(surprises, parts);
        Assert.Equal(mixed[0] * surprises.Length, parts.Sum(), 1e-4);
    }

    [Fact]
    public void Combine_AnyMemberMoreSurprised_Grows()
    {
        var random = new SeededRandom(401);
        for (var trial = 0; trial < 2000; trial++)
        {
            var surprises = new float[1 + random.NextInt32(5)];
            foreach (ref var surprise in surprises.AsSpan())
                surprise = (float)(Math.Exp(random.NextNormal() * 2));
            var before = new float[1];
            SurpriseMix.Combine(surprises, 1, before);
            surprises[random.NextInt32(surprises.Length)] *= 1.01f;
            var after = new float[1];
            SurpriseMix.Combine(surprises, 1, after);
            Assert.True(after[0] > before[0], $"{before[0]} became {after[0]} with {string.Join(", ", surprises)}");
        }
    }

    [Fact]
    public void Combine_Rows_AreReadByMember()
    {
        // Two members, three rows, room for five.
        float[] surprises = [1, 2, 3, 0, 0, 1, 4, 0, 0, 0];
        var mixed = new float[3];
        SurpriseMix.Combine(surprises, 5, mixed);
        Assert.Equal([1, (float)((2 + 2 + Math.Log(3)) / 2), (float)Math.Log(4) / 2], mixed);
    }
}
