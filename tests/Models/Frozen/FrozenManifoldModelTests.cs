using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Manifolds;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tests.Training;

namespace AEAnomaly.Models.Tests.Frozen;

public sealed class FrozenManifoldModelTests
{
    [Theory]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    public void Score_AnyVectorWidth_GivesTheSameBits(double curvature)
    {
        var set = SyntheticRows.Mixed(100, missingShare: 0.1, seed: 171);
        var random = new SeededRandom(172);
        DenseLayer[] layers = [Layer(16, 33, Activation.Relu), Layer(33, 5, Activation.Identity), Layer(5, 16, Activation.Identity)];
        var all = Enum.GetValues<VectorWidth>().Select(Scores).ToArray();
        Assert.All(all, scores => Assert.Equal(all[0], scores));
        Assert.All(all[0], score => Assert.True(score > 0 && float.IsFinite(score)));

        float[] Scores(VectorWidth width)
        {
            float[] weights = [.. Enumerable.Repeat(1f, set.Layout.BlockCount)];
            var model = FrozenManifoldModel.Create(set.Layout, weights, layers, 1, new ConstantCurvatureManifold(curvature), 2, width);
            var scores = new float[set.Rows];
            model.Score(set.Values, set.Missing, scores, model.CreateScratch());
            return scores;
        }

        DenseLayer Layer(int inputs, int outputs, Activation activation)
        {
            float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => 0.4f * (float)random.NextNormal())];
            return new DenseLayer(Draw(inputs * outputs), Draw(outputs), activation);
        }
    }
}
