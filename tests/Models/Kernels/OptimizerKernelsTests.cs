using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tests.Kernels;

public sealed class OptimizerKernelsTests
{
    private static readonly AdamWStep Step = new(0.01f, 0.9f, 0.999f, 1e-8f, 0.1f, 0.19f, 0.002f, 0.5f);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    [InlineData(100)]
    public void AdamW_EveryVectorWidth_GivesTheSameBits(int count)
    {
        var expected = Run(count, VectorWidth.Scalar);
        foreach (var width in Enum.GetValues<VectorWidth>())
            Assert.Equal(expected, Run(count, width));
    }

    [Fact]
    public void AdamW_TracesOfOldGradients_BecomeZero()
    {
        float[] weights = [1f], first = [1e-31f], second = [1e-31f];
        OptimizerKernels.AdamW(weights, [0f], first, second, Step, VectorWidth.Scalar);

        Assert.Equal((0f, 0f), (first[0], second[0]));
    }

    [Fact]
    public void AdamW_WrongLength_NamesTheLengths()
    {
        var error = Assert.Throws<ArgumentException>(
            () => OptimizerKernels.AdamW(new float[3], new float[2], new float[3], new float[3], Step, VectorWidth.Scalar));

        Assert.Contains("2 gradients", error.Message, StringComparison.Ordinal);
    }

    private static float[][] Run(int count, VectorWidth width)
    {
        var random = new Random(1);
        var (weights, gradients, first, second) = (new float[count], new float[count], new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            weights[i] = (float)((random.NextDouble() * 2) - 1);
            gradients[i] = (float)((random.NextDouble() * 2) - 1);
            first[i] = (float)((random.NextDouble() * 2) - 1);
            second[i] = (float)random.NextDouble();
        }

        OptimizerKernels.AdamW(weights, gradients, first, second, Step, width);
        return [weights, first, second];
    }
}
