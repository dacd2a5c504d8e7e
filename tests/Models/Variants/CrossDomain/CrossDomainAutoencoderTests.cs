using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Models.Tests.Variants.CrossDomain;

public sealed class CrossDomainAutoencoderTests
{
    private static readonly string[] Names = ["a0", "b0", "a1", "a2", "b1", "b2", "b3"];
    private static readonly int[] First = [0, 2, 3];
    private static readonly int[] Second = [1, 4, 5, 6];

    [Fact]
    public void Train_TwoHalvesOfOneThing_ScoresSwappedHalvesHigher()
    {
        var model = ModelTrainer.Train(Pairs(3000, 301), Options(), new TrainingOptions { MaxSteps = 1500 }, TimeProvider.System);
        var matching = Pairs(500, 302);
        var swapped = matching.Values.ToArray();
        for (var row = 0; row < matching.Rows; row++)
        {
            // The second half of the row before: each half alone is as normal as any.
            var other = (row + matching.Rows - 1) % matching.Rows;
            foreach (var feature in Second)
                swapped[(row * Names.Length) + feature] = matching.Values[(other * Names.Length) + feature];
        }

        var normal = ModelTrainerTests.Scores(model, matching);
        var broken = ModelTrainerTests.Scores(model, new TrainingSet(matching.Layout, swapped, matching.Rows));
        var wins = normal.SelectMany(_ => broken, (n, b) => b > n ? 1 : 0).Average();
        Assert.True(wins > 0.97, $"A swapped row scores above a matching one in {wins:P1} of all pairs.");
        var limit = normal.Order().ElementAt(495);
        Assert.InRange(broken.Count(score => score > limit), 400, 500);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 0.5)]
    [InlineData(2, 0)]
    public void RowLosses_FixedWeights_EqualTheFormulaInDoublePrecision(double own, double matching)
    {
        var set = Pairs(33, 303);
        var options = Options();
        (options.Hidden, options.Latent, options.OwnWeight, options.MatchingWeight) = ([5], 2, own, matching);
        var network = TestNetworks.Create<CrossDomainAutoencoder>(options, set);
        var batch = TestNetworks.All(network, set);
        var losses = network.RowLosses(null, batch, LossContext.HeldOut).ToArray();
        var scores = network.Scores(batch).ToArray();
        for (var row = 0; row < set.Rows; row++)
        {
            var x = set.Values.AsSpan(row * Names.Length, Names.Length).ToArray().Select(value => (double)value).ToArray();
            var (a, b) = (First.Select(i => x[i]).ToArray(), Second.Select(i => x[i]).ToArray());
            var codeOfA = Forward(network, "first.encoder", a).Select(Math.Tanh).ToArray();
            var codeOfB = Forward(network, "second.encoder", b).Select(Math.Tanh).ToArray();
            var crossed = Squares(a, Forward(network, "first.decoder", codeOfB)) + Squares(b, Forward(network, "second.decoder", codeOfA));
            var straight = Squares(a, Forward(network, "first.decoder", codeOfA)) + Squares(b, Forward(network, "second.decoder", codeOfB));
            var expected = crossed + (own * straight) + (matching * Squares(codeOfA, codeOfB) / 2);
            Assert.Equal(expected, losses[row], 1e-5 * (1 + expected));
            Assert.Equal(crossed, scores[row], 1e-5 * (1 + crossed));
        }
    }

    [Fact]
    public void Explain_SwappedHalves_ExpectsWhatTheOtherHalfSays()
    {
        var model = ModelTrainer.Train(Pairs(3000, 304), Options(), new TrainingOptions { MaxSteps = 1500 }, TimeProvider.System).Freeze();
        var rows = Pairs(200, 305);
        var scratch = model.CreateScratch();
        var (contributions, expected, latent) = (new float[Names.Length], new float[Names.Length], new float[model.LatentWidth]);
        var (row, altered) = (rows.Values.AsSpan(0, Names.Length).ToArray(), rows.Values.AsSpan(0, Names.Length).ToArray());
        model.Explain(row, default, contributions, expected, latent, scratch);
        var before = expected.ToArray();

        // What is expected of the first half depends on the second alone.
        altered[0] += 3;
        var score = model.Explain(altered, default, contributions, expected, latent, scratch);
        Assert.All(First, feature => Assert.Equal(before[feature], expected[feature]));
        Assert.NotEqual(before[1], expected[1]);
        Assert.Equal(score, contributions.Sum(), 1e-4 * score);
        Assert.All(First, feature => Assert.Equal(row[feature], before[feature], 1.0));
    }

    [Fact]
    public void Train_GroupsThatAreNone_AreRefused()
    {
        var set = Pairs(50, 306);
        foreach (var (fields, found) in new[] { (Array.Empty<string>(), "none of"), (["c"], "none of"), (Names, "all of") })
        {
            var error = Assert.Throws<ArgumentException>(() => ModelTrainer.Train(set, new CrossDomainOptions { FirstFields = fields }, new TrainingOptions(), TimeProvider.System));
            Assert.Contains("first_fields", error.Message, StringComparison.Ordinal);
            Assert.Contains(found, error.Message, StringComparison.Ordinal);
        }

        var unnamed = new TrainingSet(FeatureLayout.AllReal(Names.Length), set.Values, set.Rows);
        Assert.Throws<ArgumentException>(() => ModelTrainer.Train(unnamed, Options(), new TrainingOptions(), TimeProvider.System));
    }

    [Theory]
    [InlineData("\"FirstBlocks\":[0,2,3]", "\"FirstBlocks\":[]")]
    [InlineData("\"FirstBlocks\":[0,2,3]", "\"FirstBlocks\":[0,0]")]
    [InlineData("\"FirstBlocks\":[0,2,3]", "\"FirstBlocks\":[99]")]
    [InlineData("\"FirstBlocks\":[0,2,3]", "\"FirstBlocks\":null")]
    public void Load_GroupsThatDoNotFit_AreRefused(string stored, string altered)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            var description = ModelTrainer.Train(Pairs(50, 307), Options(), new TrainingOptions { MaxSteps = 50 }, TimeProvider.System).Save(path);
            var text = description.Options.GetRawText();
            Assert.Contains(stored, text, StringComparison.Ordinal);
            var broken = description with { Options = System.Text.Json.JsonDocument.Parse(text.Replace(stored, altered, StringComparison.Ordinal)).RootElement };
            Assert.Contains(path, Assert.Throws<ModelFileException>(() => TrainedModel.Load(broken, path)).Message, StringComparison.Ordinal);
            Assert.NotNull(TrainedModel.Load(description, path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static CrossDomainOptions Options() => new() { FirstFields = ["a0", "a1", "a2"] };

    // Both halves are functions of the same two unseen numbers, with noise; the fields of the halves alternate.
    private static TrainingSet Pairs(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var values = new float[rows * Names.Length];
        for (var row = 0; row < rows; row++)
        {
            var (u, v) = (random.NextNormal(), random.NextNormal());
            double[] x = [u, Math.Tanh(u + v), v, Math.Sin(2 * u), u - v, Math.Cos(u + v), v * Math.Abs(v) / 2];
            for (var i = 0; i < x.Length; i++)
                values[(row * x.Length) + i] = (float)(x[i] + (0.1 * random.NextNormal()));
        }

        return new TrainingSet(new FeatureLayout(Enumerable.Range(0, Names.Length).Select(i => new FeatureBlock(i, 1, BlockKind.Real)), Names), values, rows);
    }

    private static double[] Forward(Network network, string stack, double[] input)
    {
        for (var layer = 0; ; layer++)
        {
            var weight = Find(network, $"{stack}.{layer}.weight");
            if (weight is null)
                return input;
            var bias = Find(network, $"{stack}.{layer}.bias")!.Value.ToArray();
            var isLast = Find(network, $"{stack}.{layer + 1}.weight") is null;
            var (weights, inputs) = (weight.Value.ToArray(), input);
            input = [.. bias.Select((b, output) => b + inputs.Select((x, i) => x * weights[(output * inputs.Length) + i]).Sum()).Select(sum => isLast ? sum : Math.Max(0, sum))];
        }
    }

    private static Parameter? Find(Network network, string name) => network.Parameters.All.FirstOrDefault(parameter => parameter.Name == name);

    private static double Squares(double[] x, double[] y) => x.Zip(y, (a, b) => (a - b) * (a - b)).Sum();
}
