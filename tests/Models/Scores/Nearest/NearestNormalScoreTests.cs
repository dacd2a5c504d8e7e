using AEAnomaly.Models.Features;
using AEAnomaly.Models.Neighbors;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Scores.Nearest;
using AEAnomaly.Models.Tests.Training;

namespace AEAnomaly.Models.Tests.Scores.Nearest;

public sealed class NearestNormalScoreTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 7, 5)]
    [InlineData(32, 60, 5)]
    [InlineData(7, 3, 16)]
    [InlineData(2, 500, 5)]
    [InlineData(16, 256, 5)]
    [InlineData(3, 250, 16)]
    public void Judge_LatentVectors_EqualsANaiveSearch(int width, int remembered, int neighbors)
    {
        // Up to 16 values the directions hold a vector whole, and all of 8 cells are looked through: the shortlist then has the nearest rows, as where all rows fit on it.
        var (memory, vectors) = (Uniform(remembered * width, 1, 3), Uniform(33 * width, 2, 4));
        var (rows, queries) = (ScoreRows.Of(FeatureLayout.AllReal(width), memory), ScoreRows.Of(FeatureLayout.AllReal(width), vectors));

        var energies = ScoreRows.Judge(NearestNormalScore.Fit([ScoreKind.NearestLatent], rows, rows, rows, neighbors), queries);

        var expected = Naive(memory, vectors, width, neighbors);
        for (var row = 0; row < 33; row++)
            Assert.Equal(expected[row], energies[row], 1e-4 * (1 + expected[row]));
    }

    [Theory]
    [InlineData(33)]
    [InlineData(128)]
    public void Judge_WideCodesOfFewDirections_EqualsANaiveSearch(int width)
    {
        // Ten directions are all there is: the leading ones leave nothing out.
        var mix = Uniform(10 * width, 1, 5);
        var (memory, vectors) = (Mix(Uniform(256 * 10, 1, 3), mix, width), Mix(Uniform(33 * 10, 2, 4), mix, width));
        var (rows, queries) = (ScoreRows.Of(FeatureLayout.AllReal(width), memory), ScoreRows.Of(FeatureLayout.AllReal(width), vectors));

        var energies = ScoreRows.Judge(NearestNormalScore.Fit([ScoreKind.NearestLatent], rows, rows, rows, 5), queries);

        var expected = Naive(memory, vectors, width, 5);
        for (var row = 0; row < 33; row++)
            Assert.Equal(expected[row], energies[row], 1e-3 * (1 + expected[row]));
    }

    [Theory]
    [InlineData(32, 0.03)]
    [InlineData(40, 0.05)]
    public void Judge_MoreRowsAndDirectionsThanAreLookedThrough_IsNearlyTheNaiveSearch(int width, double mostMeanError)
    {
        var rows = SyntheticRows.Manifold(2000, width, 5, 0.2, 1);
        var queries = SyntheticRows.Manifold(200, width, 5, 0.4, 2);
        var (memory, others) = (ScoreRows.Of(rows.Layout, rows.Values), ScoreRows.Of(rows.Layout, queries.Values));

        var energies = ScoreRows.Judge(NearestNormalScore.Fit([ScoreKind.NearestLatent], memory, memory, memory, 5), others);

        var expected = Naive(rows.Values, queries.Values, width, 5);
        var errors = expected.Select((value, row) => Math.Abs((energies[row] / value) - 1)).ToArray();
        Assert.InRange(errors.Average(), 0, mostMeanError);
        Assert.InRange(errors.Max(), 0, 0.25);
    }

    [Fact]
    public void Order_Points_FillsCellsOfNearOnes()
    {
        // Four clusters of 32 points far from each other: each is a cell, whatever the order they come in.
        var random = new Random(3);
        var points = Enumerable.Range(0, 128).SelectMany(i => new[] { (100f * (i % 4)) + random.NextSingle(), 30f * (i % 2) }).ToArray();

        var order = PrincipalTree.Order(points, 2, 32);

        for (var cell = 0; cell < 4; cell++)
        {
            var rows = order[(cell * 32)..((cell + 1) * 32)];
            Assert.Single(rows.Select(row => row % 4).Distinct());
            Assert.Equal(rows.Order(), rows);
        }

        Assert.Equal(Enumerable.Range(0, 128), order.Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(18)]
    [InlineData(64)]
    public void Rank_FewValues_SortsThemStably(int count)
    {
        var random = new Random(count);
        var values = Enumerable.Range(0, count).Select(_ => (float)random.Next(9)).ToArray();
        var floats = PaddedRows.StrideOf(count);
        var (padded, order) = (new float[floats], new int[floats]);
        values.CopyTo(padded, 0);

        NearestRows.Rank(padded, count, order);

        Assert.Equal(Enumerable.Range(0, count).OrderBy(i => values[i]), order[..count]);
    }

    [Fact]
    public void Judge_SeveralSpaces_TakesTheRowsThatAreNearestInAllTogether()
    {
        var set = SyntheticRows.Mixed(60, 0.1, 4);
        var rows = ScoreRows.Of(set.Layout, set.Values, set.Missing);
        ScoreKind[] kinds = [ScoreKind.NearestLatent, ScoreKind.NearestNormal, ScoreKind.NearestResidual];
        var score = NearestNormalScore.Fit(kinds, rows, rows, rows, 3);
        var energies = new float[3 * rows.Count];

        ScoreSuite.Judge(score, rows.Slice(0, rows.Count), energies, new float[score.WorkFloats(rows.Count)]);

        var fitted = kinds.Select(kind => NeighborSpace.Fit(kind, rows, rows, 3)).ToArray();
        var spaces = fitted.Select(pair => pair.Space).ToArray();
        for (var row = 0; row < rows.Count; row++)
        {
            double Distance(int space, int other)
            {
                var (vectors, stride) = (fitted[space].Vectors, spaces[space].Stride);
                return Math.Sqrt(Enumerable.Range(0, stride).Sum(j => Math.Pow((double)vectors[(row * stride) + j] - vectors[(other * stride) + j], 2)));
            }

            var order = Enumerable.Range(0, rows.Count).OrderBy(other => spaces.Select((space, i) => Math.Pow(Distance(i, other) / space.Scale, 2)).Sum()).ToArray();
            for (var i = 0; i < spaces.Length; i++)
            {
                var expected = order[2..5].Average(other => Distance(i, other)) / (order[..3].Average(other => spaces[i].SpreadOf(other)) + spaces[i].Scale);
                Assert.Equal(expected, energies[(i * rows.Count) + row], 1e-4 * (1 + expected));
            }
        }

        // Here records and errors are the same numbers.
        Assert.Equal(energies[60..120], energies[120..]);
    }

    [Fact]
    public void Judge_FeaturesOfUnequalVariance_AreTempered()
    {
        // Variances 4 and 0.25, of which the mean is 2.125: a step of one costs 1 / 6.125 and 1 / 2.375, the rest is shrinkage.
        var values = GaussianRows.Draw(new[,] { { 4.0, 0 }, { 0, 0.25 } }, 5000, 7).Values;
        var rows = ScoreRows.Of(FeatureLayout.AllReal(2), values);
        var single = ScoreRows.Of(FeatureLayout.AllReal(2), [0, 0]);
        var score = NearestNormalScore.Fit([ScoreKind.NearestNormal], single, rows, rows, 1);

        var energies = ScoreRows.Judge(score, ScoreRows.Of(FeatureLayout.AllReal(2), [1, 0, 0, 1]));

        Assert.Equal(Math.Sqrt(6.125 / 2.375), energies[1] / energies[0], 0.03);
    }

    [Fact]
    public void Share_OddFeature_HasThePartOfItsDifference()
    {
        var set = SyntheticRows.Mixed(300, 0, 4);
        var rows = ScoreRows.Of(set.Layout, set.Values);
        var score = NearestNormalScore.Fit([ScoreKind.NearestNormal], rows, rows, rows, 5);
        var row = set.Values[..set.Layout.Width];
        row[1] += 9;

        var costs = ScoreRows.Share(score, ScoreRows.Of(set.Layout, row), 0);

        Assert.Equal(costs.Max(), costs[1]);
    }

    [Fact]
    public void Judge_TwoAnomaliesInTheMemory_DoNotVouchForAThird()
    {
        var memory = Uniform(600, 1, 9);
        memory.AsSpan(0, 3).Fill(20);
        memory.AsSpan(300, 3).Fill(20.5f);
        var rows = ScoreRows.Of(FeatureLayout.AllReal(3), memory);

        var energies = ScoreRows.Judge(NearestNormalScore.Fit([ScoreKind.NearestLatent], rows, rows, rows, 5), rows);

        Assert.True(energies[0] > 2 * energies[1..100].Max(), $"{energies[0]} at the anomaly, {energies[1..100].Max()} at most at normal rows.");
    }

    [Fact]
    public void Judge_RepeatedRows_IsFinite()
    {
        var rows = ScoreRows.Of(FeatureLayout.AllReal(2), [.. Enumerable.Repeat(1f, 400)]);
        var score = NearestNormalScore.Fit([ScoreKind.NearestLatent, ScoreKind.NearestNormal], rows, rows, rows, 5);
        var energies = new float[4];

        ScoreSuite.Judge(score, ScoreRows.Of(FeatureLayout.AllReal(2), [1, 1, 2, 1]).Slice(0, 2), energies, new float[score.WorkFloats(2)]);

        Assert.All(energies, energy => Assert.True(float.IsFinite(energy)));
        Assert.Equal(0, energies[0]);
        Assert.True(energies[1] > 0 && energies[3] > energies[2]);
    }

    [Fact]
    public void Judge_OverflowingRow_IsBeyondAll()
    {
        var rows = ScoreRows.Of(FeatureLayout.AllReal(3), Uniform(600, 1, 1));
        var score = NearestNormalScore.Fit([ScoreKind.NearestNormal], rows, rows, rows, 5);

        Assert.Equal(float.MaxValue, ScoreRows.Judge(score, ScoreRows.Of(FeatureLayout.AllReal(3), [float.MaxValue, float.MaxValue, 0]))[0]);
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

    private static float[] Uniform(int count, float scale, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((2 * random.NextDouble()) - 1) * scale)];
    }

    private static float[] Mix(float[] parts, float[] mix, int width)
    {
        var count = mix.Length / width;
        return [.. Enumerable.Range(0, parts.Length / count * width).Select(i => Enumerable.Range(0, count).Sum(j => parts[(i / width * count) + j] * mix[(j * width) + (i % width)]))];
    }

    private static double[] Naive(float[] memory, float[] vectors, int width, int neighbors)
    {
        var remembered = memory.Length / width;
        var k = Math.Min(neighbors, remembered);
        var passed = Math.Clamp(remembered - k, 0, 2);
        var spreads = Enumerable.Range(0, remembered)
            .Select(i => Distances(memory, width, memory.AsSpan(i * width, width)).Where((_, j) => j != i).Order().Take(Math.Min(k, remembered - 1)).DefaultIfEmpty(0).Average())
            .ToArray();
        var usual = remembered > 1 ? spreads.Order().ElementAt(remembered / 2) : 1;
        return
        [
            .. Enumerable.Range(0, vectors.Length / width).Select(row =>
            {
                var nearest = Distances(memory, width, vectors.AsSpan(row * width, width)).Select((distance, index) => (distance, index)).OrderBy(pair => pair.distance).ToArray();
                return nearest.Skip(passed).Take(k).Average(pair => pair.distance) / (nearest.Take(k).Average(pair => Math.Min(spreads[pair.index], 8 * usual)) + usual);
            }),
        ];
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
