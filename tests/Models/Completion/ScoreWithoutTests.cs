using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Models.Tests.Completion;

/// <summary>Leaves each field out of rows at once and one by one.</summary>
public sealed class ScoreWithoutTests
{
    private const int Records = 700;

    [Theory]
    [InlineData("denoising")]
    [InlineData("vae")]
    [InlineData("masked")]
    [InlineData("td-vae")]
    [InlineData("conv")]
    [InlineData("ensemble")]
    public void ScoreWithout_EachField_IsTheScoreOfTheRowThatLacksIt(string variant)
    {
        var model = Train(variant);
        // Of these no two donors are equally near but for what is rounded: which one is taken is then open.
        var rows = Rows(model.Window, seed: 934);
        var scratch = model.CreateScratch();
        var wholeScratch = model.WithoutCompletion.CreateScratch();
        foreach (var fields in new int[][] { [0, 1, 2, 3, 4], [1, 4], [2] })
        {
            for (var row = 0; row < rows.Rows; row++)
            {
                var found = Without(model, rows, row, fields, scratch);
                for (var i = 0; i < fields.Length; i++)
                {
                    var (values, missing) = (ValuesOf(rows, row).ToArray(), rows.FlagsOf(row).ToArray());
                    model.Layout.LeaveOut(fields[i], values, missing);
                    var expected = Explain(model, values, missing, scratch);
                    Assert.Equal(expected.Score, found.Scores[i]);

                    var (width, blocks) = (values.Length, missing.Length);
                    var judged = Explain(model.WithoutCompletion, found.Judged[(i * width)..((i + 1) * width)], found.JudgedMissing[(i * blocks)..((i + 1) * blocks)], wholeScratch);
                    Assert.Equal(expected.Expected, judged.Expected);
                    Assert.Equal(expected.Latent, judged.Latent);
                }
            }
        }
    }

    [Fact]
    public void ScoreWithout_ExtremeValue_IsForgottenWithItsField()
    {
        // What it adds to every distance must not drown the others'.
        var model = Train("denoising");
        var usual = Rows(1, seed: 933);
        var extreme = Rows(1, seed: 933);
        for (var row = 0; row < extreme.Rows; row++)
            extreme.Values[row * model.Layout.Width] = row % 2 == 0 ? 1e12f : -3e7f;
        var scratch = model.CreateScratch();

        for (var row = 0; row < usual.Rows; row++)
            Assert.Equal(Without(model, usual, row, [0], scratch).Scores, Without(model, extreme, row, [0], scratch).Scores);
    }

    [Fact]
    public void ScoreWithout_WrongRoom_IsRefused()
    {
        var model = Train("denoising");
        var scratch = model.CreateScratch();
        float[] row = new float[model.Layout.Width];
        byte[] flags = new byte[model.Layout.BlockCount];

        var error = Assert.Throws<ArgumentException>(() => model.ScoreWithout(row, flags, [0, 1], new float[1], new float[2 * row.Length], new byte[2 * flags.Length], scratch));

        Assert.StartsWith("1 scores given; 2 fields", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.ScoreWithout(row, flags, [0, 1], new float[2], new float[row.Length], new byte[2 * flags.Length], scratch));
        Assert.Throws<ArgumentException>(() => model.ScoreWithout(row, flags, [0, 1], new float[2], new float[2 * row.Length], new byte[flags.Length], scratch));
        model.ScoreWithout(row, flags, [], [], [], [], scratch);
    }

    private static (float[] Scores, float[] Judged, byte[] JudgedMissing) Without(FrozenModel model, TrainingSet rows, int row, int[] fields, ScoringScratch scratch)
    {
        var values = ValuesOf(rows, row);
        var missing = rows.FlagsOf(row);
        var scores = new float[fields.Length];
        var judged = new float[fields.Length * values.Length];
        var judgedMissing = new byte[fields.Length * missing.Length];
        model.ScoreWithout(values, missing, fields, scores, judged, judgedMissing, scratch);
        return (scores, judged, judgedMissing);
    }

    private static (float Score, float[] Expected, float[] Latent) Explain(FrozenModel model, float[] values, byte[] missing, ScoringScratch scratch)
    {
        var (expected, latent) = (new float[model.Layout.Width], new float[model.LatentWidth]);
        var score = model.Explain(values, missing, default, expected, latent, scratch);
        return (score, expected, latent);
    }

    private static ReadOnlySpan<float> ValuesOf(TrainingSet rows, int row) => rows.Values.AsSpan(rows.FirstRecord(row) * rows.Layout.Width, rows.Window * rows.Layout.Width);

    // Every third record lacks a field already.
    private static TrainingSet Rows(int window, ulong seed) => GroupedRows.Draw(24 + window - 1, window, seed, Flags(24 + window - 1));

    private static byte[] Flags(int records)
    {
        var flags = new byte[records * GroupedRows.Layout.BlockCount];
        for (var record = 0; record < records; record += 3)
            flags[(record * GroupedRows.Layout.BlockCount) + (record % GroupedRows.Layout.BlockCount)] = 1;
        return flags;
    }

    private static FrozenModel Train(string variant)
    {
        var options = TestedVariants.Options(variant);
        if (options is CrossDomainOptions crossDomain)
            crossDomain.FirstFields = ["level", "kind"];
        var window = SequenceOptions.WindowOf(options);
        return ModelTrainer.Train(GroupedRows.Draw(Records, window, 931, Flags(Records)), options, new TrainingOptions { MaxSteps = 100 }, TimeProvider.System).Freeze();
    }
}
