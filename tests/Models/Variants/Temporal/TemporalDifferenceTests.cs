using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Temporal;

namespace AEAnomaly.Models.Tests.Variants.Temporal;

public sealed class TemporalDifferenceTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Predict_NoisyRotation_BeatsTheLastValueSeveralStepsAhead(int levels)
    {
        var options = new TemporalDifferenceOptions { Window = 8, Hidden = [32], MapWidth = 32, Levels = levels };
        var model = ModelTrainer.Train(
            SyntheticRows.Windows(Rotation(1500, 1), 8), options, new TrainingOptions { MaxSteps = 700, LearningRate = 3e-3, BatchSize = 128 }, TimeProvider.System);
        var network = Assert.IsType<TemporalDifferenceVae>(model.Network);
        var test = SyntheticRows.Windows(Rotation(400, 2), 8);
        for (var jump = 1; jump <= network.Jump; jump++)
        {
            var decoded = network.Predict(TestNetworks.All(network, test), jump).ToArray();
            var (predicted, repeated) = (0.0, 0.0);
            for (var row = 0; row < test.Rows; row++)
            {
                for (var j = 0; j < 2; j++)
                {
                    var value = test.Values[(2 * test.LastRecord(row)) + j];
                    predicted += Math.Pow(decoded[(4 * row) + j] - value, 2) / (2 * test.Rows);
                    repeated += Math.Pow(test.Values[(2 * (test.LastRecord(row) - jump)) + j] - value, 2) / (2 * test.Rows);
                }
            }

            // The last value is off by the turn between the records; the process itself lets no prediction fall below about 0.01.
            Assert.True(predicted < 0.3 * repeated && predicted < 0.1, $"{jump} records ahead: squared error {predicted}, repeating the last value {repeated}.");
        }
    }

    [Fact]
    public void Score_StoppedClock_IsFoundByTimingAlone()
    {
        // A record that repeats the one before is as normal as that one; what is wrong is that the time between them stood still.
        var options = new TemporalDifferenceOptions { Window = 8, Hidden = [32], MapWidth = 32 };
        var model = Train(options, Rotation(1500, 1));
        var alone = ModelTrainer.Train(Rotation(1500, 1), new AutoencoderOptions(), new TrainingOptions { MaxSteps = 400 }, TimeProvider.System);
        var records = Rotation(600, 3);
        for (var t = 50; t < 600; t += 20)
            records.Values.AsSpan((2 * t) - 2, 2).CopyTo(records.Values.AsSpan(2 * t));

        var found = Separation(ModelTrainerTests.Scores(model, SyntheticRows.Windows(records, 8)), 50 - 7);
        var blind = Separation(ModelTrainerTests.Scores(alone, records), 50);

        Assert.True(found > 0.95, $"AUC {found}.");
        Assert.InRange(blind, 0.3, 0.7);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Score_AnyBatchPosition_GivesTheSameBitsAndAgreesWithTheTapePath(int levels)
    {
        var options = TemporalCase.Options(levels);
        var set = SyntheticRows.Windows(SyntheticRows.Mixed(150, 0.2, seed: 7), options.Window);
        var network = TemporalCase.Network(set.Layout, options);
        network.Calibrate(TestNetworks.All(network, set));
        var frozen = network.Freeze();
        var scratch = frozen.CreateScratch();
        var (width, blocks) = (set.Window * set.Layout.Width, set.Window * set.Layout.BlockCount);
        var (rows, flags, whole) = (new float[set.Rows * width], new byte[set.Rows * blocks], new float[set.Rows]);
        for (var row = 0; row < set.Rows; row++)
        {
            set.Values.AsSpan(row * set.Layout.Width, width).CopyTo(rows.AsSpan(row * width));
            set.Missing.AsSpan(row * set.Layout.BlockCount, blocks).CopyTo(flags.AsSpan(row * blocks));
        }

        frozen.Score(rows, flags, whole, scratch);

        var tape = network.Scores(TestNetworks.All(network, set)).ToArray();
        for (var row = 0; row < set.Rows; row++)
            Assert.Equal(tape[row], whole[row], 1e-5 * (1 + tape[row]));
        foreach (var (start, count) in new[] { (0, 1), (63, 2), (64, 33), (17, 100), (145, 1) })
        {
            var part = new float[count];
            frozen.Score(rows.AsSpan(start * width, count * width), flags.AsSpan(start * blocks, count * blocks), part, scratch);
            Assert.Equal(whole[start..(start + count)], part);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Explain_WindowsWithMissingFields_DividesTheScoreAndExpectsThePrediction(int levels)
    {
        var options = TemporalCase.Options(levels);
        var set = SyntheticRows.Windows(SyntheticRows.Mixed(60, 0.3, seed: 8), options.Window);
        var network = TemporalCase.Network(set.Layout, options);
        network.Calibrate(TestNetworks.All(network, set));
        var frozen = network.Freeze();
        var scratch = frozen.CreateScratch();
        var (width, blocks) = (set.Layout.Width, set.Layout.BlockCount);
        var (scores, predicted) = (network.Scores(TestNetworks.All(network, set)).ToArray(), network.Predict(TestNetworks.All(network, set), 1).ToArray());
        var outputs = predicted.Length / set.Rows;
        var (parts, expected, latent, score) = (new float[blocks], new float[width], new float[5], new float[1]);
        for (var row = 0; row < set.Rows; row++)
        {
            var window = set.Values.AsSpan(row * width, set.Window * width);
            var flags = set.Missing.AsSpan(row * blocks, set.Window * blocks);
            var explained = frozen.Explain(window, flags, parts, expected, latent, scratch);
            frozen.Score(window, flags, score, scratch);

            Assert.Equal(score[0], explained);
            Assert.Equal(scores[row], explained, 1e-5 * (1 + explained));
            Assert.Equal(explained, parts.Sum(), 1e-5 * (1 + explained));
            for (var b = 0; b < blocks; b++)
                Assert.True(parts[b] >= 0 && (flags[^(blocks - b)] == 0 || parts[b] == 0));
            for (var j = 0; j < 5; j++)
                Assert.Equal(predicted[(row * outputs) + j], expected[j], 1e-5 * (1 + Math.Abs(expected[j])));
            Assert.Equal(1 / (1 + Math.Exp(-predicted[(row * outputs) + 10])), expected[5], 1e-5);
            Assert.Equal(1, expected[6..9].Sum(), 1e-5f);
        }
    }

    [Fact]
    public void Explain_OneFieldOff_NamesIt()
    {
        var model = Train(new TemporalDifferenceOptions { Window = 8, Hidden = [32], MapWidth = 32 }, SyntheticWaves.Draw(1500, 1));
        var frozen = model.Freeze();
        var records = SyntheticWaves.Draw(40, 2);
        var (parts, expected) = (new float[2], new float[2]);
        for (var last = 7; last < 40; last++)
        {
            var window = records.Values.AsSpan((last - 7) * 2, 16).ToArray();
            window[15] = -window[15] + 1.5f;
            var score = frozen.Explain(window, [], parts, expected, new float[frozen.LatentWidth], frozen.CreateScratch());
            Assert.Equal(window[14], expected[0], 0.5f);
            if (Math.Abs(window[15] - records.Values[(2 * last) + 1]) > 1)
                Assert.True(parts[1] > 0.6 * score, $"Record {last}: {parts[1]} of {score}.");
        }
    }

    [Theory]
    [InlineData(5, "Jump is 5; a window of 5 records allows at most 4. Lower the jump, or raise the window.")]
    [InlineData(4, "Levels is 4; a latent width of 3 allows at most 3.")]
    public void Create_ImpossibleShape_SaysWhatIsAllowed(int jump, string expected)
    {
        var options = new TemporalDifferenceOptions { Window = 5, Jump = jump, Hidden = [4], Latent = 3, Levels = 4 };
        var error = Assert.Throws<ArgumentException>(() => TemporalCase.Network(FeatureLayout.AllReal(2), options));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        options.Hidden = [4, 4];
        Assert.Contains("found 2 in hidden", Assert.Throws<ArgumentException>(() => TemporalCase.Network(FeatureLayout.AllReal(2), options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(16, 4)]
    public void Resolve_NoJumpGiven_FitsTheWindow(int window, int jump)
    {
        var options = new TemporalDifferenceOptions { Window = window };
        var resolved = (TemporalDifferenceOptions)VariantCatalog.Define(options).Resolve(options, FeatureLayout.AllReal(3));
        Assert.Equal((jump, null), (resolved.Jump, options.Jump));
        Assert.Equal([64], resolved.Hidden);
    }

    [Theory]
    [InlineData(7, 3, "3-2-2")]
    [InlineData(4, 1, "4")]
    public void Share_Width_IsDividedAmongTheLevels(int width, int levels, string shares) =>
        Assert.Equal(shares, string.Join('-', LayeredGaussian.Share(width, levels)));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(33)]
    public void Sigmoid_AnyNumberOfValues_HasTheScalarBits(int count)
    {
        var random = new SeededRandom(9);
        float[] values = [.. Enumerable.Range(0, count).Select(_ => (float)(4 * random.NextNormal()))];
        float[] expected = [.. values.Select(ElementMath.Sigmoid<Lanes1, float>)];
        ElementKernels.Sigmoid(values);
        Assert.Equal(expected, values);
    }

    private static TrainedModel Train(TemporalDifferenceOptions options, TrainingSet records) => ModelTrainer.Train(
        SyntheticRows.Windows(records, options.Window), options, new TrainingOptions { MaxSteps = 700, LearningRate = 3e-3, BatchSize = 128 }, TimeProvider.System);

    /// <summary>Draws a point that turns by about 37 degrees from record to record, with noise on the turn and on what is seen of it.</summary>
    private static TrainingSet Rotation(int records, ulong seed)
    {
        var random = new SeededRandom(seed);
        var (values, phase) = (new float[2 * records], 0.0);
        for (var t = 0; t < records; t++)
        {
            phase += (2 * Math.PI / 9.7) + (0.05 * random.NextNormal());
            values[2 * t] = (float)((Math.Sqrt(2) * Math.Cos(phase)) + (0.1 * random.NextNormal()));
            values[(2 * t) + 1] = (float)((Math.Sqrt(2) * Math.Sin(phase)) + (0.1 * random.NextNormal()));
        }

        return new TrainingSet(FeatureLayout.AllReal(2), values, records);
    }

    // The share of pairs in which every twentieth score from the first on is above one that is not near any of them.
    private static double Separation(float[] scores, int first)
    {
        var odd = scores.Where((_, i) => i >= first && (i - first) % 20 == 0).ToArray();
        var normal = scores.Where((_, i) => i >= first && (i - first) % 20 >= 10).ToArray();
        return odd.Average(high => normal.Average(low => high > low ? 1.0 : high == low ? 0.5 : 0));
    }
}
