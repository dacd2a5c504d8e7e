using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Tests.Scores;

public sealed class NormalMemoryTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 7, 5)]
    [InlineData(33, 200, 5)]
    [InlineData(7, 3, 64)]
    public void Measure_Vectors_EqualsANaiveSearch(int width, int remembered, int neighbors)
    {
        var random = new Random(3);
        float[] memory = [.. Enumerable.Range(0, remembered * width).Select(_ => (float)((2 * random.NextDouble()) - 1))];
        float[] vectors = [.. Enumerable.Range(0, 33 * width).Select(_ => (float)((4 * random.NextDouble()) - 2))];
        var sut = new NormalMemory(memory, width, neighbors);
        var distances = new float[33];

        sut.Measure(vectors, distances, new float[sut.WorkFloats(33)]);

        var k = Math.Min(neighbors, remembered);
        var spreads = Enumerable.Range(0, remembered)
            .Select(i => Distances(memory, width, memory.AsSpan(i * width, width)).Where((_, j) => j != i).Order().Take(Math.Min(k, remembered - 1)).DefaultIfEmpty(0).Average())
            .ToArray();
        var median = spreads.Order().ElementAt(remembered / 2);
        var least = remembered > 1 ? 0.01 * median : 1;
        for (var row = 0; row < 33; row++)
        {
            var nearest = Distances(memory, width, vectors.AsSpan(row * width, width)).Select((distance, index) => (distance, index)).OrderBy(pair => pair.distance).Take(k).ToArray();
            var expected = nearest.Average(pair => pair.distance) / Math.Sqrt(nearest.Average(pair => spreads[pair.index]) + least);
            Assert.Equal(expected, distances[row], 1e-4 * (1 + expected));
        }
    }

    [Fact]
    public void Measure_RepeatedRows_IsFinite()
    {
        var sut = new NormalMemory([1, 1, 1, 1, 1, 1], 2, 2);
        var distances = new float[2];

        sut.Measure([1, 1, 2, 1], distances, new float[sut.WorkFloats(2)]);

        Assert.Equal(0, distances[0]);
        Assert.Equal(1, distances[1]);
    }

    [Fact]
    public void Find_EqualValues_TakesTheFirst()
    {
        var (smallest, indices) = (new float[2], new int[2]);
        float[] values = [.. Enumerable.Repeat(5f, 40)];
        values[30] = 1;

        NearestRows.Find(values, smallest, indices);

        Assert.Equal([1f, 5f], smallest);
        Assert.Equal([30, 0], indices);
    }

    private static double[] Distances(float[] memory, int width, ReadOnlySpan<float> vector)
    {
        var distances = new double[memory.Length / width];
        for (var i = 0; i < distances.Length; i++)
        {
            for (var j = 0; j < width; j++)
                distances[i] += Math.Pow((double)memory[(i * width) + j] - vector[j], 2);
            distances[i] = Math.Sqrt(distances[i]);
        }

        return distances;
    }
}
