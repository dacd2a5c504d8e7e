using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tests.Kernels;

public sealed class GradientKernelsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 33)]
    [InlineData(65, 70)]
    [InlineData(256, 16)]
    public void AddColumnSums_EveryVectorWidth_GivesTheBitsOfTheScalarChain(int rows, int columns)
    {
        var (values, before) = (Random(rows * columns, 1), Random(columns, 2));
        var expected = (float[])before.Clone();
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
                expected[column] += values[(row * columns) + column];
        }

        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            var sums = (float[])before.Clone();
            GradientKernels.AddColumnSums(values, rows, columns, sums, width);
            Assert.Equal(expected, sums);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(100)]
    public void MaskByRelu_EveryVectorWidth_KeepsGradientsOfPositiveOutputs(int count)
    {
        var (outputs, gradients) = (Random(count, 3).Select(x => Math.Max(x, 0)).ToArray(), Random(count, 4));
        var expected = gradients.Select((gradient, i) => outputs[i] > 0 ? gradient : 0).ToArray();
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            var actual = (float[])gradients.Clone();
            GradientKernels.MaskByRelu(outputs, actual, width);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void AddColumnSums_WrongLength_NamesTheShape()
    {
        var error = Assert.Throws<ArgumentException>(() => GradientKernels.AddColumnSums(new float[5], 2, 3, new float[3], VectorWidth.Scalar));

        Assert.Contains("[2, 3]", error.Message, StringComparison.Ordinal);
    }

    private static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }
}
