using AEAnomaly.Models.Completion;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Completion;

public sealed class DonorRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Find_RowsOfEveryKind_GivesTheNearestInWhatTheyHave(int window)
    {
        const int records = 120;
        var random = new SeededRandom(911);
        var flags = new byte[records * GroupedRows.Layout.BlockCount];
        foreach (ref var flag in flags.AsSpan())
            flag = (byte)(random.NextDouble() < 0.2 ? 1 : 0);
        for (var record = 0; record < records; record++)
            flags[(record * GroupedRows.Layout.BlockCount) + 1] = 0;
        var set = GroupedRows.Draw(records, window, 912, flags);
        int[] all = [.. Enumerable.Range(0, set.Rows)];
        var donors = DonorRows.Fit(set, all, 70, new SeededRandom(913));
        Assert.Equal(70, donors.Count);

        var shape = donors.Shape;
        var nearest = new int[3];
        for (var row = 0; row < 20; row++)
        {
            var values = set.Values.AsSpan(set.FirstRecord(row) * GroupedRows.Layout.Width, shape.Width);
            donors.Find(values, set.FlagsOf(row), 1, new float[donors.WorkFloats(1)], nearest);

            AssertNearest(Distances(set, donors, values.ToArray(), set.FlagsOf(row).ToArray()), nearest);
        }

        // The same with each field left out in turn, and with some of them.
        foreach (var fields in new int[][] { [0, 1, 2, 3, 4], [1, 3], [4] })
        {
            var without = new int[3 * fields.Length];
            for (var row = 0; row < 20; row++)
            {
                var values = set.Values.AsSpan(set.FirstRecord(row) * GroupedRows.Layout.Width, shape.Width);
                donors.FindWithout(values, set.FlagsOf(row), fields, new float[donors.WorkFloatsWithout(fields.Length)], without);

                for (var i = 0; i < fields.Length; i++)
                {
                    var (left, missing) = (values.ToArray(), set.FlagsOf(row).ToArray());
                    GroupedRows.Layout.LeaveOut(fields[i], left, missing);
                    AssertNearest(Distances(set, donors, left, missing), without[(3 * i)..(3 * (i + 1))]);
                }
            }
        }
    }

    [Fact]
    public void Fill_DonorLacksAField_LeavesItMissing()
    {
        var layout = FeatureLayout.AllReal(3);
        var set = new TrainingSet(layout, [1, 2, 0, 4, 5, 6], 2, [0, 0, 1, 0, 0, 0]);
        var donors = DonorRows.Fit(set, [0, 1], 2, new SeededRandom(1));
        int[] nearest = [0];
        donors.Find([1.1f, 0, 0], [0, 1, 1], 1, new float[donors.WorkFloats(1)], nearest);
        float[] row = [1.1f, 0, 0];
        byte[] flags = [0, 1, 1];

        Assert.True(donors.Fill(nearest[0], row, flags));

        Assert.Equal([1.1f, 2, 0], row);
        Assert.Equal([0, 0, 1], flags);
        Assert.False(donors.Fill(nearest[0], row, flags));
    }

    [Fact]
    public void Complete_DonorItself_TakesFromAnother()
    {
        var layout = FeatureLayout.AllReal(2);
        var set = new TrainingSet(layout, [1, 0, 1.2f, 7, 5, 3], 3, [0, 1, 0, 0, 0, 0]);
        var donors = DonorRows.Fit(set, [0, 1, 2], 3, new SeededRandom(1));
        float[] row = [1, 0];
        byte[] flags = [0, 1];

        donors.Complete([0], row, flags);

        Assert.Equal([1, 7], row);
        Assert.Equal([0, 0], flags);
    }

    [Fact]
    public void Score_FieldThatSuchRowsUsuallyLack_CountsAsItDidInTraining()
    {
        // Rows with the boolean set never have a circle; the others always do.
        const int records = 800;
        var probe = GroupedRows.Draw(records, 1, 914);
        var flags = new byte[records * GroupedRows.Layout.BlockCount];
        for (var record = 0; record < records; record++)
            flags[(record * GroupedRows.Layout.BlockCount) + 4] = (byte)probe.Values[(record * GroupedRows.Layout.Width) + 2];
        var set = GroupedRows.Draw(records, 1, 914, flags);
        var model = ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions { MaxSteps = 200 }, TimeProvider.System);

        var (scores, asTheyCame) = (ModelTrainerTests.Scores(model, set), ModelTrainerTests.Scores(model.Freeze().WithoutCompletion, set));

        var usual = Enumerable.Range(0, records).Where(row => flags[(row * GroupedRows.Layout.BlockCount) + 4] != 0).ToArray();
        Assert.InRange(usual.Length, 200, 400);
        Assert.All(usual, row => Assert.Equal(asTheyCame[row], scores[row]));
    }

    [Fact]
    public void Load_ModelStoredBeforeThereWereDonors_CountsMissingFieldsAsTheirMean()
    {
        var set = GroupedRows.Draw(300, 1, 915);
        var model = ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions { MaxSteps = 50 }, TimeProvider.System);
        var lacking = GroupedRows.Draw(300, 1, 915, GroupedRows.Without(300, 0));
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "weights.safetensors");
            var description = model.Save(path);
            Assert.Equal(ModelTrainerTests.Scores(model, lacking), ModelTrainerTests.Scores(TrainedModel.Load(description, path), lacking));

            var parameters = model.Network.Parameters.Copy().Where(parameter => parameter.Name != "scores.donors").ToList();
            var earlier = description with
            {
                Donors = 0,
                WeightsSha256 = SafetensorsWriter.Write(path, parameters),
                Parameters = parameters.Sum(parameter => (long)parameter.Values.Length),
            };
            Assert.Equal(
                ModelTrainerTests.Scores(model.Freeze().WithoutCompletion, lacking), ModelTrainerTests.Scores(TrainedModel.Load(earlier, path), lacking));
            Assert.Throws<ModelFileException>(() => TrainedModel.Load(earlier with { Donors = 7 }, path));
            Assert.Throws<ModelFileException>(() => TrainedModel.Load(earlier with { Donors = -1 }, path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertNearest(double[] distances, int[] found) =>
        Assert.Equal(distances.Order().Take(found.Length), Array.ConvertAll(found, donor => distances[donor]), (a, b) => Math.Abs(a - b) < 1e-4 * (1 + a));

    // In double precision: over what the row has, and what is expected where the donor lacks it.
    private static double[] Distances(TrainingSet set, DonorRows donors, float[] row, byte[] missing)
    {
        var (layout, shape) = (set.Layout, donors.Shape);
        var found = Enumerable.Range(0, donors.Count).Select(donor => (Values: new float[shape.Width], Flags: Ones(shape.Blocks), Donor: donor)).ToArray();
        foreach (var (values, flags, donor) in found)
            donors.Fill(donor, values, flags);
        var (means, variances) = (new double[layout.Width], new double[layout.Width]);
        for (var j = 0; j < layout.Width; j++)
        {
            var block = Array.FindIndex(layout.Blocks.ToArray(), b => j >= b.Start && j < b.End);
            var present = found.SelectMany(d => Enumerable.Range(0, shape.Width / layout.Width)
                .Where(record => d.Flags[(record * layout.BlockCount) + block] == 0)
                .Select(record => (double)d.Values[(record * layout.Width) + j])).ToArray();
            means[j] = present.Average();
            variances[j] = present.Average(value => (value - means[j]) * (value - means[j]));
        }

        var usual = variances.Average();
        return Array.ConvertAll(found, d =>
        {
            var sum = 0.0;
            for (var block = 0; block < shape.Blocks; block++)
            {
                for (var j = shape.StartOf(block); j < shape.StartOf(block) + shape.WidthOf(block) && missing[block] == 0; j++)
                {
                    var (feature, weight) = (j % layout.Width, 1 / (variances[j % layout.Width] + usual));
                    var own = row[j] - means[feature];
                    sum += weight * (d.Flags[block] == 0 ? Math.Pow(own - (d.Values[j] - means[feature]), 2) : (own * own) + variances[feature]);
                }
            }

            // The row's own length is the same for all; a donor's list leaves it out.
            return sum;
        });
    }

    private static byte[] Ones(int count)
    {
        var flags = new byte[count];
        flags.AsSpan().Fill(1);
        return flags;
    }
}
