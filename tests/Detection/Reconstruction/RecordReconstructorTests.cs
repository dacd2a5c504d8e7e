using System.Text;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Reconstruction;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Tests.Features;
using AEAnomaly.Detection.Tests.Sequences;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Masked;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Detection.Tests.Reconstruction;

public sealed class RecordReconstructorTests
{
    private const int Columns = 6;

    // Two factors and a little noise; every column varies by about 10 around 100.
    private static readonly double[,] Mixing = { { 1, 0.2 }, { 0.7, -0.7 }, { -0.6, 0.8 }, { 0.1, 1 }, { 0.9, 0.4 }, { -0.3, -0.9 } };

    [Theory]
    [InlineData("ae", 0.35)]
    [InlineData("denoising", 0.45)]
    [InlineData("vae", 0.45)]
    [InlineData("masked", 0.45)]
    public void Impute_CorrelatedColumns_ComesNearerThanTheMeanAndNearerByFeedingBack(string variant, double share)
    {
        var trained = Train(variant);
        var complete = Correlated(400, seed: 3);

        var (mean, once, fed) = (0.0, 0.0, 0.0);
        var reconstructor = new RecordReconstructor(trained.Encoder, trained.Frozen);
        for (var row = 0; row < complete.Count; row++)
        {
            var column = row % Columns;
            var truth = complete.Numbers(column)[row];
            var holed = Copy(complete, row);
            holed.SetNumber(column, 0, double.NaN);
            mean += Math.Pow(truth - 100, 2);
            once += Math.Pow(truth - Filled(0), 2);
            fed += Math.Pow(truth - Filled(RecordReconstructor.DefaultRounds), 2);

            double Filled(int rounds)
            {
                var target = new RecordBatch(complete.Spec, 1);
                var filled = new List<int>();
                reconstructor.Impute(holed, 0, target, filled, rounds);
                Assert.Equal([column], filled);
                for (var other = 0; other < Columns; other++)
                    Assert.True(other == column || target.Numbers(other)[0] == holed.Numbers(other)[0]);
                return target.Numbers(column)[0];
            }
        }

        var (ofOnce, ofFed) = (Math.Sqrt(once / mean), Math.Sqrt(fed / mean));
        Assert.True(ofFed < share, $"{variant}: the error is {ofFed:0.000} of the column mean's, {ofOnce:0.000} without feeding back.");
        Assert.True(variant == "masked" ? ofFed == ofOnce : ofFed < 0.8 * ofOnce, $"{variant}: {ofFed:0.000} with feeding back, {ofOnce:0.000} without.");
    }

    [Fact]
    public void Denoise_RecordOfEveryKind_GivesValuesOfTheFieldsAndTheScoreOfTheRecord()
    {
        var batch = SampleRecords.Mixed(900);
        var options = new DetectorOptions { Name = "d", Topics = ["t"], Fields = [.. batch.Spec.Fields], Model = new AutoencoderOptions(), Fit = new TrainingOptions { MaxSteps = 300 } };
        var trained = DetectorTrainer.Train(batch.Spec, options, batch, TimeProvider.System);
        var scores = new RecordScorer(trained.Encoder, trained.Frozen).Score(batch).ToArray();
        var reconstructor = new RecordReconstructor(trained.Encoder, trained.Frozen);
        var target = new RecordBatch(batch.Spec, 50);

        for (var row = 0; row < 50; row++)
        {
            Assert.Equal(scores[row], reconstructor.Denoise(batch, row, target));
            Assert.Equal(Encoding.UTF8.GetString(batch.Text(0, row)), Encoding.UTF8.GetString(target.Text(0, row)));
            Assert.InRange(target.Numbers(1)[row] - batch.Numbers(1)[row], -3.5 * 86_400, 3.5 * 86_400);
            Assert.InRange(target.Numbers(2)[row], batch.Numbers(2).ToArray().Min(), batch.Numbers(2).ToArray().Max());
            Assert.Contains(Encoding.UTF8.GetString(target.Text(3, row)), new[] { "food", "fuel", "rent" });
            Assert.Contains(target.Numbers(4)[row], new[] { 0.0, 1.0 });
        }
    }

    [Fact]
    public void Impute_MissingMoment_LiesNearTheRecordBefore()
    {
        var batch = SampleRecords.Mixed(900);
        var options = new DetectorOptions { Name = "d", Topics = ["t"], Fields = [.. batch.Spec.Fields], Model = new AutoencoderOptions(), Fit = new TrainingOptions { MaxSteps = 50 } };
        var trained = DetectorTrainer.Train(batch.Spec, options, batch, TimeProvider.System);
        var reconstructor = new RecordReconstructor(trained.Encoder, trained.Frozen);
        batch.SetNumber(1, 5, double.NaN);
        var (target, filled) = (new RecordBatch(batch.Spec, 2), new List<int>());

        reconstructor.Impute(batch, 4, target, filled);
        reconstructor.Impute(batch, 5, target, filled);

        Assert.Equal([1], filled);
        Assert.Equal(batch.Numbers(1)[4], target.Numbers(1)[0]);
        Assert.InRange(target.Numbers(1)[1] - batch.Numbers(1)[4], -4 * 86_400, 4 * 86_400);
    }

    [Fact]
    public void Embed_Window_GivesTheCodeOfTheWindowThatEndsAtTheRecord()
    {
        var (trained, batch) = (MachineRecords.Model, MachineRecords.Climbing(120));
        var scorer = new RecordScorer(trained.Encoder, trained.Frozen) { KeepWindowsAbove = float.NegativeInfinity };
        var scores = scorer.Score(batch).ToArray();
        var reconstructor = new RecordReconstructor(trained.Encoder, trained.Frozen);
        var error = Assert.Throws<ArgumentException>(() => reconstructor.Embed(batch, 0, scorer));
        Assert.Contains("was not kept", error.Message, StringComparison.Ordinal);

        // A period of twelve records a machine: the same phase gives nearly the same code, another one does not.
        Assert.Equal(scores[60], reconstructor.Embed(batch, 60, scorer));
        float[] first = [.. reconstructor.Latent];
        reconstructor.Embed(batch, 60 + (12 * MachineRecords.Machines), scorer);
        var same = Distance(first, reconstructor.Latent);
        reconstructor.Embed(batch, 60 + (6 * MachineRecords.Machines), scorer);
        Assert.True(4 * same < Distance(first, reconstructor.Latent));
    }

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
            sum += Math.Pow(a[i] - b[i], 2);
        return Math.Sqrt(sum);
    }

    private static TrainedDetector Train(string variant)
    {
        var batch = Correlated(3000, seed: 2);
        var model = VariantCatalog.CreateOptions(variant);
        if (model is not MaskedAutoencoderOptions)
            model.Latent = 2;
        var options = new DetectorOptions { Name = "d", Topics = ["t"], Fields = [.. batch.Spec.Fields], Model = model, Fit = new TrainingOptions { MaxSteps = 1200 } };
        return DetectorTrainer.Train(batch.Spec, options, batch, TimeProvider.System);
    }

    private static RecordBatch Correlated(int rows, int seed)
    {
        var batch = new RecordBatch(new FeatureSpec([.. Enumerable.Range(0, Columns).Select(i => new FieldSpec { Name = $"x{i}" })]), rows);
        var random = new Random(seed);
        for (var i = 0; i < rows; i++)
        {
            var row = batch.Append(new RecordOrigin("t", 0, i, -1));
            var (first, second) = (SampleRecords.Normal(random), SampleRecords.Normal(random));
            for (var j = 0; j < Columns; j++)
                batch.SetNumber(j, row, 100 + (10 * ((Mixing[j, 0] * first) + (Mixing[j, 1] * second) + (0.1 * SampleRecords.Normal(random)))));
        }

        return batch;
    }

    private static RecordBatch Copy(RecordBatch source, int row)
    {
        var copy = new RecordBatch(source.Spec, 1);
        copy.AppendFrom(source, row);
        return copy;
    }
}
