using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.Tensors;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Tests.Training;

/// <summary>Trains on a device that stands for an accelerator.</summary>
public sealed class OtherDeviceTests
{
    public static TheoryData<string> Variants { get; } = [.. VariantCatalog.All.Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_OnAnotherDevice_LeavesTheModelOnTheNativeOneAndNothingBehind(string variant)
    {
        var factory = new FarDeviceFactory();
        var (options, set) = Case(variant);

        var model = ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = 8, BatchSize = 64 }, new FitContext(TimeProvider.System, Device: factory));

        Assert.IsType<CpuDevice>(model.Network.Parameters.Device);
        Assert.Equal("far", model.Report.Device);
        Assert.Equal(0, factory.Traffic.LiveMemories);
        Assert.All(ModelTrainerTests.Scores(model, set), score => Assert.True(float.IsFinite(score)));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Train_OnAnotherDevice_GivesTheWeightsOfTheNativeOne(string variant)
    {
        var (options, set) = Case(variant);
        var fit = new TrainingOptions { MaxSteps = 12, BatchSize = 64 };

        var native = ModelTrainer.Train(set, options, fit, TimeProvider.System);
        var other = ModelTrainer.Train(set, options, fit, new FitContext(TimeProvider.System, Device: new FarDeviceFactory()));

        // The same kernels in the same order: a batch of one chunk, rows from the set on the device, losses that wait there.
        Assert.Equal(Weights(native), Weights(other));
        Assert.Equal(native.Report.HeldOutLoss, other.Report.HeldOutLoss);
        Assert.Equal(native.Report.TrainingLoss, other.Report.TrainingLoss, 1e-6 * Math.Abs(native.Report.TrainingLoss));
    }

    [Fact]
    public void Train_OnAnotherDevice_SendsTheSetOnce()
    {
        static int Uploads(int steps)
        {
            var factory = new FarDeviceFactory();
            var (options, set) = Case("ae");
            ModelTrainer.Train(set, options, new TrainingOptions { MaxSteps = steps, BatchSize = 64 }, new FitContext(TimeProvider.System, Device: factory));
            return factory.Traffic.Uploads;
        }

        Assert.Equal(Uploads(steps: 10), Uploads(steps: 40));
    }

    [Fact]
    public void Train_LossStopsBeingFinite_NamesTheSameStepOnEveryDevice()
    {
        var set = SyntheticRows.Manifold(300, 6, 2, 0.1, seed: 9);
        set.Values[150 * 6] = 1e25f;
        string Message(FitContext context) => Assert.Throws<TrainingFailedException>(
            () => ModelTrainer.Train(set, new AutoencoderOptions(), new TrainingOptions { BatchSize = 16, TrimShare = 0 }, context)).Message;

        // The row is learned from for the first time in the fourth step, long before the losses are read.
        var native = Message(new FitContext(TimeProvider.System));
        Assert.StartsWith("The loss became NaN at step 3 of 2000.", native, StringComparison.Ordinal);
        Assert.Equal(native, Message(new FitContext(TimeProvider.System, Device: new FarDeviceFactory())));
    }

    private static SortedDictionary<string, float[]> Weights(TrainedModel model) =>
        new(model.Network.Parameters.All.ToDictionary(parameter => parameter.Name, parameter => parameter.Value.ToArray()), StringComparer.Ordinal);

    private static (VariantOptions Options, TrainingSet Set) Case(string variant)
    {
        var options = VariantCatalog.CreateOptions(variant);
        if (options is CrossDomainOptions domains)
            domains.FirstFields = ["level", "flag", "kind"];
        return (options, SyntheticRows.For(variant, SyntheticRows.Mixed(300, missingShare: 0.1, seed: 31)));
    }
}
