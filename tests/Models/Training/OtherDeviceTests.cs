using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Tests.Tensors;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;

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

    private static (VariantOptions Options, TrainingSet Set) Case(string variant)
    {
        var options = VariantCatalog.CreateOptions(variant);
        if (options is CrossDomainOptions domains)
            domains.FirstFields = ["level", "flag", "kind"];
        return (options, SyntheticRows.For(variant, SyntheticRows.Mixed(300, missingShare: 0.1, seed: 31)));
    }
}
