using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Manifolds;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.References;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Adversarial;

namespace AEAnomaly.Models.Tests.Variants.Adversarial;

public sealed class AdversarialAutoencoderTests
{
    private const int Latent = 3;

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-1.0)]
    public void Fit_AggregatedPosterior_PassesATwoSampleTestAgainstThePrior(double curvature)
    {
        var set = SkewedRows(4000, seed: 161);
        var options = new AdversarialAutoencoderOptions { Hidden = [64], Latent = Latent, Curvature = curvature, AdversarialWeight = 10 };
        var held = TestNetworks.Create<AdversarialAutoencoder>(options, set);
        TestNetworks.Fit(held, set, 2500, 1e-3, 256);
        options.AdversarialWeight = 0;
        var free = TestNetworks.Create<AdversarialAutoencoder>(options, set);
        TestNetworks.Fit(free, set, 500, 1e-3, 256);

        var (passed, failed) = (PValue(held, curvature), PValue(free, curvature));
        Assert.True(passed > 0.05, $"The codes differ from the prior with p = {passed}; without the adversary p = {failed}.");
        Assert.True(failed < 0.01, $"Without the adversary, the codes should differ from the prior; p = {failed}.");
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    [InlineData(-1.0)]
    public void Explain_CurvedLatentSpace_GivesCodesOnTheManifold(double curvature)
    {
        var set = SyntheticRows.Mixed(300, missingShare: 0, seed: 162);
        var network = TestNetworks.Create<AdversarialAutoencoder>(new AdversarialAutoencoderOptions { Latent = Latent, Curvature = curvature }, set);
        TestNetworks.Fit(network, set, 100, 1e-3, 128);
        var (frozen, manifold, code) = (network.Freeze(), new ConstantCurvatureManifold(curvature), new float[Latent]);
        var codes = network.Encode(TestNetworks.All(network, set).Values).ToArray();
        for (var row = 0; row < set.Rows; row++)
        {
            var contributions = new float[set.Layout.BlockCount];
            var features = set.Values.AsSpan(row * set.Layout.Width, set.Layout.Width);
            var score = frozen.Explain(features, [], contributions, new float[set.Layout.Width], code, frozen.CreateScratch());
            Assert.Equal(0, manifold.Deviation(code), 1e-5f * (1 + code.Sum(value => value * value)));
            Assert.Equal(score, contributions.Sum(), 1e-4f * score);
            for (var j = 0; j < Latent; j++)
                Assert.Equal(codes[(row * Latent) + j], code[j], 1e-4f * (1 + Math.Abs(code[j])));
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(1.0)]
    [InlineData(-2.0)]
    public void Score_AnyCurvature_AgreesWithTheTapeAndDoesNotDependOnTheBatch(double curvature)
    {
        var set = SyntheticRows.Mixed(200, missingShare: 0.1, seed: 163);
        var network = TestNetworks.Create<AdversarialAutoencoder>(new AdversarialAutoencoderOptions { Latent = Latent, Curvature = curvature }, set);
        TestNetworks.Fit(network, set, 60, 1e-3, 128);
        var tape = network.Scores(TestNetworks.All(network, set)).ToArray();
        var frozen = network.Freeze();
        var scores = new float[set.Rows];
        frozen.Score(set.Values, set.Missing, scores, frozen.CreateScratch());
        for (var row = 0; row < set.Rows; row++)
        {
            Assert.Equal(tape[row], scores[row], 1e-5f * (1 + tape[row]));
            var alone = new float[1];
            frozen.Score(
                set.Values.AsSpan(row * set.Layout.Width, set.Layout.Width),
                set.Missing.AsSpan(row * set.Layout.BlockCount, set.Layout.BlockCount),
                alone,
                frozen.CreateScratch());
            Assert.Equal(scores[row], alone[0]);
        }
    }

    [Fact]
    public void Scores_MembershipDeviation_WeighsWhatLiesBesideTheManifold()
    {
        var set = SyntheticRows.Mixed(50, missingShare: 0, seed: 164);
        var (narrow, wide, none) = (Scores(0.5), Scores(1), Scores(1000));
        for (var row = 0; row < set.Rows; row++)
        {
            // The same weights: 1 / (2 s²) is 2 and 0.5 of the same squared deviation.
            Assert.Equal(4 * (wide[row] - none[row]), narrow[row] - none[row], 1e-3 * (1 + narrow[row]));
            Assert.True(narrow[row] > none[row]);
        }

        float[] Scores(double deviation)
        {
            var network = TestNetworks.Create<AdversarialAutoencoder>(
                new AdversarialAutoencoderOptions { Latent = Latent, MembershipDeviation = deviation }, set);
            return network.Scores(TestNetworks.All(network, set)).ToArray();
        }
    }

    [Fact]
    public void RowLosses_VerdictOfTheDiscriminator_FollowsItsFormula()
    {
        var set = SyntheticRows.Mixed(33, missingShare: 0, seed: 165);
        var network = TestNetworks.Create<AdversarialAutoencoder>(new AdversarialAutoencoderOptions { Latent = Latent, AdversarialWeight = 1.5 }, set);
        TestNetworks.Fit(network, set, 20, 1e-2, 33);
        var batch = TestNetworks.All(network, set);
        var scores = network.Scores(batch).ToArray();
        var losses = network.RowLosses(null, batch, new LossContext(1, new SeededRandom(1))).ToArray();
        var codes = network.Encode(batch.Values).ToArray();
        for (var row = 0; row < 33; row++)
        {
            var logit = DoubleMlp.Forward(network, "discriminator", [.. codes.AsSpan(row * Latent, Latent).ToArray().Select(value => (double)value)])[0];
            Assert.Equal(scores[row] + (1.5 * Math.Log(1 + Math.Exp(-logit))), losses[row], 2e-5 * (1 + losses[row]));
        }
    }

    [Fact]
    public void Train_CurvedSpaceOfOneCoordinate_IsRefused()
    {
        var set = SyntheticRows.Manifold(50, 4, 2, 0.1, seed: 166);
        var error = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(
            set, new AdversarialAutoencoderOptions { Latent = 1 }, new TrainingOptions(), TimeProvider.System));
        Assert.Contains("a curved latent space needs at least 2", error.Message, StringComparison.Ordinal);
    }

    private static double PValue(AdversarialAutoencoder network, double curvature)
    {
        var fresh = SkewedRows(200, seed: 167);
        var codes = network.Encode(TestNetworks.All(network, fresh).Values);
        var prior = new ConstantCurvatureManifold(curvature).DrawPrior(codes.Device, codes.Shape, new SeededRandom(168));
        return EnergyTest.PValue(codes.ToArray(), prior.ToArray(), Latent, seed: 169);
    }

    /// <summary>Draws rows of three factors, one of them skewed, so that codes left alone do not fill a symmetrical space evenly.</summary>
    private static TrainingSet SkewedRows(int rows, ulong seed)
    {
        var structure = new SeededRandom(170);
        double[] mixing = [.. Enumerable.Range(0, 24).Select(_ => structure.NextNormal())];
        var random = new SeededRandom(seed);
        var values = new float[rows * 8];
        for (var row = 0; row < rows; row++)
        {
            double[] factors = [Math.Exp(0.8 * random.NextNormal()) - 1, random.NextNormal(), random.NextNormal()];
            for (var j = 0; j < 8; j++)
            {
                var sum = Enumerable.Range(0, 3).Sum(k => mixing[(j * 3) + k] * factors[k]);
                values[(row * 8) + j] = (float)((1.5 * Math.Tanh(sum / 2)) + (0.1 * random.NextNormal()));
            }
        }

        return new TrainingSet(Models.Features.FeatureLayout.AllReal(8), values, rows);
    }
}
