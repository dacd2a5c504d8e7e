using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Detection.Tests.Explanation;

/// <summary>Records of so many fields that not every one is left out in turn.</summary>
public sealed class WideRecordTests
{
    private const int Factors = 3;

    [Theory]
    [InlineData(Explainer.MostLeftOut + 1)]
    [InlineData(400)]
    public void Explain_ManyFields_BlamesTheOneThatIsFarOff(int fields)
    {
        var (trained, spec) = Train(fields);
        var batch = Rows(spec, 12, seed: 5);
        for (var row = 0; row < batch.Count; row++)
            batch.SetNumber(row * 7, row, 40);
        var explainer = new Explainer(trained.Encoder, trained.Frozen, 3);

        for (var row = 0; row < batch.Count; row++)
        {
            var explanation = explainer.Explain(batch, row);

            Assert.Equal($"f{row * 7}", explanation.Features[0].Field.Name);
            Assert.InRange(explainer.Shares().Count(), 1, Explainer.MostLeftOut);
            Assert.Equal(1, explainer.Shares().Sum(share => share.Share), 1e-5);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(Explainer.MostLeftOut)]
    public void Explain_UpToAHundredAndTwentyEightFields_LeavesEachOut(int fields)
    {
        var (trained, spec) = Train(fields);
        var batch = Rows(spec, 1, seed: 6);
        batch.SetNumber(3, 0, 25);
        var scorer = new RecordScorer(trained.Encoder, trained.Frozen);
        var score = scorer.Score(batch)[0];
        var lowered = new double[fields];
        for (var field = 0; field < fields; field++)
        {
            var without = Rows(spec, 1, seed: 6, except: field);
            if (field != 3)
                without.SetNumber(3, 0, 25);
            lowered[field] = Math.Max(0, score - scorer.Score(without)[0]);
        }

        var explainer = new Explainer(trained.Encoder, trained.Frozen, 3);
        explainer.Explain(batch, 0);

        var shares = explainer.Shares().ToDictionary(share => share.Field, share => share.Share);
        for (var field = 0; field < fields; field++)
            Assert.Equal(lowered[field] / lowered.Sum(), shares.GetValueOrDefault($"f{field}"), 1e-6);
    }

    private static (TrainedDetector Trained, FeatureSpec Spec) Train(int fields)
    {
        var spec = new FeatureSpec([.. Enumerable.Range(0, fields).Select(field => new FieldSpec { Name = $"f{field}" })]);
        var options = new DetectorOptions { Name = "wide", Topics = ["wide"], Fields = [.. spec.Fields], Fit = new TrainingOptions { MaxSteps = 60, BatchSize = 64 } };
        return (DetectorTrainer.Train(spec, options, Rows(spec, 300, seed: 4), TimeProvider.System), spec);
    }

    // Each field follows one of three factors.
    private static RecordBatch Rows(FeatureSpec spec, int count, int seed, int except = -1)
    {
        var random = new Random(seed);
        var batch = new RecordBatch(spec, count);
        for (var i = 0; i < count; i++)
        {
            var factors = new double[Factors];
            for (var k = 0; k < Factors; k++)
                factors[k] = random.NextDouble() - random.NextDouble();
            var row = batch.Append(new RecordOrigin("wide", 0, i, 0));
            for (var field = 0; field < spec.Fields.Count; field++)
            {
                var value = factors[field % Factors] + (0.1 * (random.NextDouble() - 0.5));
                if (field != except)
                    batch.SetNumber(field, row, value);
            }
        }

        return batch;
    }
}
