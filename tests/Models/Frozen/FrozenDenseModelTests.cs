using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.TestKit;

namespace AEAnomaly.Models.Tests.Frozen;

public sealed class FrozenDenseModelTests
{
    // Float sums of up to 65 products against double ones; errors are of the order of 1 to 30.
    private const double RelativeTolerance = 2e-5;

    public static TheoryData<string> Cases => ["real", "real-odd", "wide", "mixed", "mixed-tanh", "mixed-leaky", "mixed-sigmoid", "gaussian", "single"];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Score_EveryVectorWidthAndBatch_MatchesDoubleReference(string name)
    {
        var @case = Make(name);
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            var model = @case.Freeze(width);
            foreach (var count in new[] { 1, 7, 33, 65 })
            {
                var (rows, missing) = @case.MakeRows(count, missingShare: 0.2);
                var scores = @case.Score(model, rows, missing);
                for (var row = 0; row < count; row++)
                {
                    var answer = @case.Reference(Row(rows, row, @case.Layout.Width), Row(missing, row, @case.Layout.BlockCount));
                    AssertClose(answer.Score, scores[row]);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Score_AnyBatchPositionWidthAndCompany_GivesTheSameBits(string name)
    {
        var @case = Make(name);
        const int Count = 331;
        var (rows, missing) = @case.MakeRows(Count, missingShare: 0.1);
        var layout = @case.Layout;

        // Half of the rows have nothing missing: alone they take the path without flags.
        for (var row = 0; row < Count; row += 2)
            missing.AsSpan(row * layout.BlockCount, layout.BlockCount).Clear();

        var expected = @case.Score(@case.Freeze(VectorWidth.Scalar), rows, missing);
        Assert.InRange(expected.Distinct().Count(), Count * 8 / 10, Count);
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            var model = @case.Freeze(width);
            var scratch = model.CreateScratch();
            foreach (var (start, count) in new[] { (0, 331), (0, 1), (3, 13), (5, 14), (6, 15), (9, 12), (7, 22), (8, 23), (20, 31), (21, 32), (22, 33), (40, 100), (1, 290) })
            {
                var scores = new float[count];
                model.Score(
                    rows.AsSpan(start * layout.Width, count * layout.Width), missing.AsSpan(start * layout.BlockCount, count * layout.BlockCount), scores, scratch);
                Assert.Equal(expected.AsSpan(start, count).ToArray(), scores);
            }

            for (var row = 0; row < Count; row++)
            {
                var one = new float[1];
                var flags = row % 2 == 0 ? [] : Row(missing, row, layout.BlockCount);
                model.Score(Row(rows, row, layout.Width), flags, one, scratch);
                Assert.Equal(expected[row], one[0]);
            }
        }
    }

    [Theory]
    [InlineData("real")]
    [InlineData("mixed")]
    [InlineData("mixed-tanh")]
    [InlineData("gaussian")]
    public void Score_OnAnyMachine_GivesTheRecordedBits(string name)
    {
        var @case = Make(name);
        var (rows, missing) = @case.MakeRows(64, missingShare: 0.1);
        var bits = @case.Score(@case.Freeze(), rows, missing).Aggregate(17, (hash, score) => unchecked((hash * 31) + BitConverter.SingleToInt32Bits(score)));

        // Recorded on x64 with AVX-512; without a fused multiply-add instruction, or on Arm, it must be the same.
        var recorded = name switch { "real" => 1017305173, "mixed" => 818903330, "mixed-tanh" => 236286127, _ => 1976747684 };
        Assert.Equal(recorded, bits);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Score_NothingMissing_FlagsChangeNoBit(string name)
    {
        var @case = Make(name);
        const int Count = 97;
        var (rows, missing) = @case.MakeRows(Count, missingShare: 0);
        var expected = @case.Score(@case.Freeze(), rows, []);
        Assert.Equal(expected, @case.Score(@case.Freeze(), rows, missing));

        // One missing field sends the whole group through the path with flags.
        missing[^1] = 1;
        var flagged = @case.Score(@case.Freeze(), rows, missing);
        Assert.Equal(expected[..^1], flagged[..^1]);
        Assert.NotEqual(expected[^1], flagged[^1]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Explain_AnyRow_GivesScorePartsExpectedValuesAndLatent(string name)
    {
        var @case = Make(name);
        var layout = @case.Layout;
        var (rows, missing) = @case.MakeRows(40, missingShare: 0.2);
        foreach (var width in Enum.GetValues<VectorWidth>())
        {
            var model = @case.Freeze(width);
            var scratch = model.CreateScratch();
            var scores = @case.Score(model, rows, missing);
            var (parts, expected, latent) = (new float[layout.BlockCount], new float[layout.Width], new float[model.LatentWidth]);
            for (var row = 0; row < scores.Length; row++)
            {
                var answer = @case.Reference(Row(rows, row, layout.Width), Row(missing, row, layout.BlockCount));
                var score = model.Explain(Row(rows, row, layout.Width), Row(missing, row, layout.BlockCount), parts, expected, latent, scratch);

                Assert.Equal(scores[row], score);
                var present = Row(missing, row, layout.BlockCount).Contains((byte)0);
                AssertClose(present ? score : 0, parts.Sum(part => (double)part));
                for (var block = 0; block < parts.Length; block++)
                {
                    if (missing[(row * layout.BlockCount) + block] != 0)
                        Assert.Equal(0f, parts[block]);
                    else if (@case.KlWeight is null)
                        AssertClose(answer.Parts[block], parts[block]);
                }

                for (var i = 0; i < expected.Length; i++)
                    AssertClose(answer.Expected[i], expected[i]);
                for (var i = 0; i < latent.Length; i++)
                    AssertClose(answer.Latent[i], latent[i]);
            }
        }
    }

    [Theory]
    [InlineData("real")]
    [InlineData("mixed")]
    [InlineData("gaussian")]
    public void ScoreAndExplain_SteadyState_AllocateNothing(string name)
    {
        var @case = Make(name);
        var model = @case.Freeze();
        var scratch = model.CreateScratch();
        var (rows, missing) = @case.MakeRows(300, missingShare: 0.1);
        var scores = new float[300];
        var (parts, expected, latent) = (new float[@case.Layout.BlockCount], new float[@case.Layout.Width], new float[model.LatentWidth]);

        Assert.Equal(0, Allocations.InSteadyState(Work));

        void Work()
        {
            model.Score(rows, missing, scores, scratch);
            model.Score(rows, [], scores, scratch);
            model.Explain(rows.AsSpan(0, @case.Layout.Width), missing.AsSpan(0, @case.Layout.BlockCount), parts, expected, latent, scratch);
        }
    }

    [Fact]
    public void Score_TwoThreads_GiveTheSameBits()
    {
        var @case = Make("mixed");
        var model = @case.Freeze();
        var (rows, missing) = @case.MakeRows(2000, missingShare: 0.1);
        var expected = @case.Score(model, rows, missing);

        var results = new float[4][];
        Parallel.For(0, 4, i => results[i] = @case.Score(model, rows, missing));

        Assert.All(results, scores => Assert.Equal(expected, scores));
    }

    [Fact]
    public void Score_ScratchOfAnotherModel_IsRefused()
    {
        var @case = Make("real");
        var (model, other) = (@case.Freeze(), @case.Freeze());
        var error = Assert.Throws<ArgumentException>(() => model.Score(new float[30], [], new float[1], other.CreateScratch()));

        Assert.Contains("another model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Score_WrongLength_NamesFoundAndNeeded()
    {
        var model = Make("real").Freeze();
        var error = Assert.Throws<ArgumentException>(() => model.Score(new float[31], [], new float[1], model.CreateScratch()));

        Assert.Contains("31 features", error.Message, StringComparison.Ordinal);
        Assert.Contains("needs 30", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_LayersThatDoNotChain_NamesTheLayer()
    {
        var layers = new[]
        {
            new DenseLayer(new float[4 * 3], new float[3], Activation.Relu),
            new DenseLayer(new float[2 * 4], new float[4], Activation.Identity),
        };
        var error = Assert.Throws<ArgumentException>(() => FrozenDenseModel.Create(FeatureLayout.AllReal(4), [1, 1, 1, 1], layers, 0));

        Assert.Contains("Layer 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("handed 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WeightNotFinite_NamesTheLayer()
    {
        var layers = new[] { new DenseLayer([1, float.NaN, 0, 1], [0, 0], Activation.Identity) };
        var error = Assert.Throws<ArgumentException>(() => FrozenDenseModel.Create(FeatureLayout.AllReal(2), [1, 1], layers, 0));

        Assert.Contains("Layer 0", error.Message, StringComparison.Ordinal);
    }

    private static DenseCase Make(string name) => name switch
    {
        "real" => new DenseCase(FeatureLayout.AllReal(30), [64, 32, 16, 32, 64], latentLayer: 2, seed: 1),
        "real-odd" => new DenseCase(FeatureLayout.AllReal(7), [33, 1, 65], latentLayer: 1, seed: 2),
        "wide" => new DenseCase(FeatureLayout.AllReal(65), [130, 33, 130], latentLayer: 1, seed: 3),
        "mixed" => new DenseCase(DenseCase.Mixed(), [33, 7, 33], latentLayer: 1, seed: 4),
        "mixed-tanh" => new DenseCase(DenseCase.Mixed(), [17, 5, 17], latentLayer: 1, seed: 5, Activation.Tanh),
        "mixed-leaky" => new DenseCase(DenseCase.Mixed(), [17, 5, 17], latentLayer: 1, seed: 6, Activation.LeakyRelu),
        "mixed-sigmoid" => new DenseCase(DenseCase.Mixed(), [17, 5, 17], latentLayer: 1, seed: 7, Activation.Sigmoid),
        "gaussian" => new DenseCase(DenseCase.Mixed(), [33, 14, 33], latentLayer: 1, seed: 8, klWeight: 0.7f),
        "single" => new DenseCase(FeatureLayout.AllReal(1), [3], latentLayer: 0, seed: 9),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such case"),
    };

    private static T[] Row<T>(T[] values, int row, int width) => values[(row * width)..((row + 1) * width)];

    private static void AssertClose(double expected, double actual)
    {
        var bound = RelativeTolerance * (1 + Math.Abs(expected));
        Assert.True(Math.Abs(expected - actual) <= bound, $"expected {expected}, got {actual}");
    }
}
