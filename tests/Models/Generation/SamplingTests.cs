using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Adversarial;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Tests.Generation;

/// <summary>Draws rows from every generative variant trained on <see cref="SyntheticRows.Mixed"/>, whose moments and frequencies are known.</summary>
public sealed class SamplingTests : IDisposable
{
    private const int Drawn = 4000;

    // x0 = kind - 1 + 0.3 n, x1 = n, x2 = 0.8 x1 + 0.2 n, (x3, x4) on the unit circle.
    private static readonly double[,] Covariance =
    {
        { (2.0 / 3) + 0.09, 0, 0, 0, 0 },
        { 0, 1, 0.8, 0, 0 },
        { 0, 0.8, 0.68, 0, 0 },
        { 0, 0, 0, 0.5, 0 },
        { 0, 0, 0, 0, 0.5 },
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aeanomaly-samples-");

    public static TheoryData<string> GenerativeVariants => [.. VariantCatalog.All.Where(variant => variant.IsGenerative).Select(variant => variant.Name)];

    public static TheoryData<string> AllVariants => [.. VariantCatalog.All.Select(variant => variant.Name)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(GenerativeVariants))]
    public void Sample_RowsOfKnownDistribution_HaveItsMomentsAndFrequencies(string variant)
    {
        var options = VariantCatalog.CreateOptions(variant);
        options.Hidden = [64, 48];
        options.Latent = 6;
        Soften(options);
        var set = SyntheticRows.Mixed(4000, missingShare: 0, seed: 301);
        var model = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 1500, TrimShare = 0, Patience = 0 }, TimeProvider.System);

        var rows = model.Sample(Drawn, seed: 302);

        var width = set.Layout.Width;
        double Mean(Func<float[], double> value) => Enumerable.Range(0, Drawn).Average(row => value(rows[(row * width)..((row + 1) * width)]));
        var means = Enumerable.Range(0, width).Select(j => Mean(x => x[j])).ToArray();

        // Codes without noise fall into groups, one for each kind, which a Gaussian fits roughly.
        var (moments, shares) = variant == "adversarial" ? (4.0, 2.0) : (1.0, 1.0);
        var problems = new List<string>();
        void Near(string what, double truth, double found, double tolerance)
        {
            if (!(Math.Abs(truth - found) <= tolerance))
                problems.Add($"{what}: {found:0.000} instead of {truth:0.000} +- {tolerance}");
        }

        for (var i = 0; i < 5; i++)
        {
            Near($"mean {i}", 0, means[i], 0.12 * moments);
            for (var j = 0; j <= i; j++)
                Near($"covariance {i} {j}", Covariance[i, j], Mean(x => (x[i] - means[i]) * (x[j] - means[j])), 0.15 * moments);
        }

        Near("share of true", 0.5, means[5], 0.06 * shares);
        for (var kind = 0; kind < 3; kind++)
            Near($"share of kind {kind}", 1.0 / 3, means[6 + kind], 0.06 * shares);
        for (var category = 0; category < 6; category++)
            Near($"share of category {category}", 1.0 / 6, means[9 + category], 0.05 * shares);
        Near("share of the category that never occurred", 0, means[15], 0.005);

        // What belongs together: independent draws would agree in 33 %, 50 % and 33 % of the rows.
        Near("category of its kind", 1, Mean(x => x[9 + (2 * Kind(x))] + x[10 + (2 * Kind(x))]), 0.2);
        Near("x5 follows x1", 1, Mean(x => x[5] > 0 == x[1] > 0 ? 1 : 0), 0.2);
        Near("x0 near its kind", 1, Mean(x => Math.Abs(x[0] - (Kind(x) - 1)) < 1 ? 1 : 0), 0.1 * shares);
        Assert.True(problems.Count == 0, $"{variant}: {string.Join("; ", problems)}");
    }

    [Theory]
    [MemberData(nameof(GenerativeVariants))]
    public void Sample_SameSeed_GivesTheSameRowsForAnyCountAndAfterLoading(string variant)
    {
        var set = SyntheticRows.Mixed(200, missingShare: 0.1, seed: 303);
        var model = ModelTrainer.Train(set, VariantCatalog.CreateOptions(variant), new TrainingOptions { MaxSteps = 20 }, TimeProvider.System);
        var path = Path.Combine(_folder.FullName, "weights.safetensors");
        var loaded = TrainedModel.Load(model.Save(path), path);

        var rows = model.Sample(300, seed: 5);

        Assert.Equal(rows, loaded.Sample(300, seed: 5));
        Assert.Equal(rows.AsSpan(0, 7 * set.Layout.Width).ToArray(), model.Sample(7, seed: 5));
        Assert.NotEqual(rows, model.Sample(300, seed: 6));
        Assert.All(rows, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Sample_ExcludedCategories_AreNotDrawnAndTheOthersKeepTheirProportions()
    {
        var set = SyntheticRows.Mixed(2000, missingShare: 0, seed: 304);
        var model = ModelTrainer.Train(set, new VariationalAutoencoderOptions(), new TrainingOptions { MaxSteps = 500 }, TimeProvider.System);
        var excluded = new bool[set.Layout.Width];
        excluded[6] = true;

        var rows = model.Sample(3000, 1, excluded: excluded);

        double Share(int feature) => Enumerable.Range(0, 3000).Average(row => rows[(row * set.Layout.Width) + feature]);
        Assert.Equal(0, Share(6));
        Assert.Equal(1, Share(7) + Share(8), 1e-6);
        Assert.Throws<ArgumentException>(() => model.Sample(1, 1, excluded: [.. Enumerable.Repeat(true, set.Layout.Width)]));
        Assert.Throws<ArgumentException>(() => model.Sample(1, 1, excluded: [true]));
    }

    [Theory]
    [MemberData(nameof(AllVariants))]
    public void CanSample_EveryVariant_IsWhatTheCatalogSays(string variant)
    {
        var set = SyntheticRows.For(variant, SyntheticRows.Mixed(300, missingShare: 0, seed: 305));
        var model = ModelTrainer.Train(set, TestedVariants.Options(variant), new TrainingOptions { MaxSteps = 2 }, TimeProvider.System);
        var isGenerative = VariantCatalog.All.Single(known => known.Name == variant).IsGenerative;

        Assert.Equal(isGenerative, model.CanSample);
        if (isGenerative)
            return;
        var error = Assert.Throws<InvalidOperationException>(() => model.Sample(1, 1));
        Assert.Contains("vae, beta-vae, factor-vae", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_RealFeature_HasTheSpreadOfHeldOutResiduals()
    {
        // Independent noise of deviation 0.5 around one factor: the noise variance of the options is 0.6.
        var random = new Models.Randomness.SeededRandom(306);
        var values = new float[4000 * 4];
        for (var row = 0; row < 4000; row++)
        {
            var factor = random.NextNormal();
            for (var j = 0; j < 4; j++)
                values[(row * 4) + j] = (float)((0.85 * factor) + (0.5 * random.NextNormal()));
        }

        var options = new VariationalAutoencoderOptions { Hidden = [32], Latent = 1, NoiseVariance = 0.6 };
        var model = ModelTrainer.Train(
            new TrainingSet(FeatureLayout.AllReal(4), values, 4000), options, new TrainingOptions { MaxSteps = 1500, TrimShare = 0, Patience = 0 }, TimeProvider.System);

        var rows = model.Sample(4000, 307);
        double Moment(int i, int j) => Enumerable.Range(0, 4000).Average(row => (double)rows[(row * 4) + i] * rows[(row * 4) + j]);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(0.9725, Moment(i, i), 0.12);
            for (var j = 0; j < i; j++)
                Assert.Equal(0.7225, Moment(i, j), 0.12);
        }
    }

    private static int Kind(float[] row) => Array.IndexOf(row, 1f, 6, 3) - 6;

    private static void Soften(VariantOptions options)
    {
        switch (options)
        {
            case AdversarialAutoencoderOptions adversarial:
                (adversarial.AdversarialWeight, adversarial.Curvature) = (4, 0);
                break;
            case BetaVariationalAutoencoderOptions beta:
                beta.Beta = 1.5;
                break;
            default:
                break;
        }
    }
}
