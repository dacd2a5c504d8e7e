using AEAnomaly.Models.Features;
using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Tests.Scores;

public sealed class NearestScoreTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 7, 5)]
    [InlineData(33, 16, 5)]
    [InlineData(7, 3, 64)]
    [InlineData(7, 50, 48)]
    public void Judge_MemoryNoLongerThanTheShortlist_EqualsANaiveSearch(int width, int remembered, int neighbors)
    {
        var (memory, rows) = (Rows(remembered, width, 1, 3), Rows(33, width, 2, 4));

        var found = ScoreRows.Judge(NearestScore.Fit([ScoreKind.NearestLatent], memory, memory, neighbors), rows);

        var expected = Naive(memory, rows, neighbors);
        for (var row = 0; row < rows.Count; row++)
            Assert.Equal(expected[row], found[row], 1e-4 * (1 + expected[row]));
    }

    [Fact]
    public void Judge_LongMemory_IsCloseToANaiveSearch()
    {
        var (memory, rows) = (Rows(1500, 24, 1, 5), Rows(200, 24, 1.3, 6));

        var found = ScoreRows.Judge(NearestScore.Fit([ScoreKind.NearestLatent], memory, memory, 5), rows);

        // The five nearest of a shortlist are never nearer than those of all.
        var ratios = Naive(memory, rows, 5).Zip(found, (exact, listed) => listed / exact).ToArray();
        Assert.InRange(ratios.Average(), 0.99, 1.1);
        Assert.InRange(ratios.Max(), 1, 1.4);
    }

    [Fact]
    public void Judge_SeveralSpaces_EachComparesItsOwnVectors()
    {
        var (memory, rows) = (Rows(16, 4, 1, 7), Rows(20, 4, 2, 8));
        ScoreKind[] kinds = [ScoreKind.NearestNormal, ScoreKind.NearestResidual, ScoreKind.NearestLatent];

        var together = ScoreRows.Judge(NearestScore.Fit(kinds, memory, memory, 5), rows);

        // All sixteen rows are on the shortlist: each score is what it is alone.
        for (var i = 0; i < kinds.Length; i++)
            Assert.Equal(ScoreRows.Judge(NearestScore.Fit([kinds[i]], memory, memory, 5), rows), together[(i * rows.Count)..((i + 1) * rows.Count)]);
    }

    [Fact]
    public void Judge_RepeatedRows_IsFinite()
    {
        var memory = ScoreRows.Of(FeatureLayout.AllReal(2), [1, 1, 1, 1, 1, 1]);

        var found = ScoreRows.Judge(
            NearestScore.Fit([ScoreKind.NearestNormal], memory, memory, 2), ScoreRows.Of(FeatureLayout.AllReal(2), [1, 1, 2, 1, 1e30f, 1]));

        Assert.Equal(0, found[0]);
        Assert.InRange(found[1], 1, float.MaxValue);
        Assert.Equal(float.MaxValue, found[2]);
    }

    [Fact]
    public void Judge_TwoAnomaliesInTheMemory_DoNotVouchForAThird()
    {
        var memory = Rows(200, 3, 1, 9);
        memory.Latent.AsSpan(0, 3).Fill(20);
        memory.Latent.AsSpan(150 * 3, 3).Fill(20.5f);

        var found = ScoreRows.Judge(NearestScore.Fit([ScoreKind.NearestLatent], memory, memory, 5), memory.Take([0, 5, 9]));

        Assert.True(found[0] > 3 * found[1] && found[0] > 3 * found[2], $"{found[0]} at the anomaly, {found[1]} and {found[2]} at normal rows.");
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 40)]
    [InlineData(32, 300)]
    [InlineData(32, 3507)]
    [InlineData(100, 1000)]
    public void Find_AnyNumbers_AreTheFirstOfTheSorted(int wanted, int count)
    {
        var random = new Random(count);
        foreach (var distinct in new[] { 3, 60, int.MaxValue })
        {
            float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)(random.Next(distinct) - 1))];
            var (smallest, indices) = (new float[wanted], new int[wanted]);

            NearestRows.Find(values, smallest, indices);

            var expected = values.Select((value, index) => (value, index)).OrderBy(pair => pair.value).ThenBy(pair => pair.index).Take(wanted).ToArray();
            Assert.Equal(expected.Select(pair => pair.value), smallest);
            Assert.Equal(expected.Select(pair => pair.index), indices);
        }
    }

    [Fact]
    public void PrincipalDirections_VectorsOfThreeStrongDirections_AreFoundOrthonormal()
    {
        var random = new Random(11);
        var vectors = new float[500 * 9];
        for (var i = 0; i < vectors.Length; i++)
            vectors[i] = (float)((random.NextDouble() - 0.5) * (i % 9 is 2 or 5 or 7 ? 10 : 0.1));

        var found = PrincipalDirections.Fit(vectors, 9, 3);

        for (var c = 0; c < 3; c++)
        {
            for (var other = 0; other < 3; other++)
                Assert.Equal(c == other ? 1 : 0, Enumerable.Range(0, 9).Sum(i => found[(i * 3) + c] * found[(i * 3) + other]), 1e-5f);
            Assert.Equal(1, new[] { 2, 5, 7 }.Sum(i => found[(i * 3) + c] * found[(i * 3) + c]), 1e-3f);
        }
    }

    // Latent vectors and errors are other numbers than the features, so that a mistaken one shows.
    private static NormalRows Rows(int count, int width, double spread, int seed)
    {
        var random = new Random(seed);
        return new NormalRows
        {
            Layout = FeatureLayout.AllReal(width),
            Count = count,
            LatentWidth = width,
            Values = Draws(),
            Missing = null,
            Own = [],
            Outputs = [],
            Residuals = Draws(),
            Latent = Draws(),
        };

        float[] Draws() => [.. Enumerable.Range(0, count * width).Select(_ => (float)(spread * ((2 * random.NextDouble()) - 1)))];
    }

    private static double[] Naive(NormalRows memory, NormalRows rows, int neighbors)
    {
        var (width, k) = (memory.LatentWidth, Math.Min(neighbors, memory.Count));
        var passed = Math.Min(2, memory.Count - k);
        var spreads = Enumerable.Range(0, memory.Count)
            .Select(i => Distances(memory, memory.Latent.AsSpan(i * width, width)).Where((_, j) => j != i).Order().Take(k).DefaultIfEmpty(0).Average())
            .ToArray();
        var median = spreads.Order().ElementAt(memory.Count / 2);
        var least = median > 0 ? 0.01 * median : 0.01;
        return [.. Enumerable.Range(0, rows.Count).Select(row =>
        {
            var nearest = Distances(memory, rows.Latent.AsSpan(row * width, width)).Select((distance, index) => (distance, index)).OrderBy(pair => pair.distance).ToArray();
            return nearest.Skip(passed).Take(k).Average(pair => pair.distance) / Math.Sqrt(nearest.Take(k).Average(pair => spreads[pair.index]) + least);
        })];
    }

    private static double[] Distances(NormalRows memory, ReadOnlySpan<float> vector)
    {
        var distances = new double[memory.Count];
        for (var i = 0; i < distances.Length; i++)
        {
            for (var j = 0; j < vector.Length; j++)
                distances[i] += Math.Pow((double)memory.Latent[(i * vector.Length) + j] - vector[j], 2);
            distances[i] = Math.Sqrt(distances[i]);
        }

        return distances;
    }
}
