using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Torch.Tests.Judging;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Denoising;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Torch;

namespace AEAnomaly.Models.Torch.Tests.Training;

/// <summary>Whole fits on libtorch's device beside fits on the native one.</summary>
public sealed class TrainingTests
{
    private const int Records = 600;

    // Enough for every phase of every variant. Later, or with rows trimmed, one bit of the learning rate moves losses by 3E-3 on the native device alone:
    // rounding decides whether a ReLU is open, or which row is the worst.
    private static readonly TrainingOptions Options = new() { MaxSteps = 12, BatchSize = 64, TrimShare = 0 };

    public static TheoryData<string> Variants { get; } = [.. VariantCatalog.All.Select(variant => variant.Name)];

    [TorchTheory]
    [MemberData(nameof(Variants))]
    public void Train_EveryVariant_LearnsWhatTheNativeDeviceLearns(string variant)
    {
        foreach (var kind in JudgedRows.Kinds)
            Compare(variant, kind, Options);
    }

    [TorchFact]
    public void Train_BatchThatTheNativeDeviceSplits_LearnsTheSame() =>
        Compare("ae", "mixed", new TrainingOptions { MaxSteps = 12, BatchSize = 450, TrimShare = 0 });

    [TorchFact]
    public void Train_LossStopsBeingFinite_NamesTheStepOfTheNativeDevice()
    {
        var set = SyntheticRows.Manifold(300, 6, 2, 0.1, seed: 9);
        set.Values[150 * 6] = 1e25f;
        string Message(TorchDeviceFactory? factory) => Assert.Throws<TrainingFailedException>(() => ModelTrainer.Train(
            set, new AutoencoderOptions(), new TrainingOptions { BatchSize = 16, TrimShare = 0 }, new FitContext(TimeProvider.System, Device: factory))).Message;

        var native = Message(null);
        Assert.StartsWith("The loss became NaN at step 3 of 2000.", native, StringComparison.Ordinal);
        Assert.Equal(native, Message(new TorchDeviceFactory(LoadedTorch.Library)));
    }

    [TorchFact]
    public void Train_TwoThreads_GivesTheWeightsOfOne()
    {
        var (one, two) = (Weights(threads: 1), Weights(threads: 2));

        Assert.Equal(one, two);
    }

    private static void Compare(string variant, string kind, TrainingOptions fit)
    {
        var (native, torch) = (Train(variant, kind, fit, null), Train(variant, kind, fit, new TorchDeviceFactory(LoadedTorch.Library)));

        Assert.Equal("torch", torch.Model.Report.Device);
        AssertClose(native.Model.Report.TrainingLoss, torch.Model.Report.TrainingLoss, 1e-4);
        AssertClose(native.Model.Report.HeldOutLoss, torch.Model.Report.HeldOutLoss, 1e-4);
        var differences = native.Scores.Zip(torch.Scores, (left, right) => Math.Abs(left - right) / (1 + Math.Abs(left))).Order().ToArray();
        Assert.InRange(differences[differences.Length / 2], 0, 1e-3);
    }

    private static float[][] Weights(int threads)
    {
        var variant = new DenoisingAutoencoderOptions();
        var context = new FitContext(TimeProvider.System, Threads: threads, Device: new TorchDeviceFactory(LoadedTorch.Library));
        return ModelTrainer.Train(JudgedRows.Draw("mixed", variant, Records), variant, new TrainingOptions { MaxSteps = 30, BatchSize = 512 }, context)
            .Network.Parameters.Snapshot();
    }

    private static (TrainedModel Model, float[] Scores) Train(string variant, string kind, TrainingOptions fit, TorchDeviceFactory? factory)
    {
        var options = VariantCatalog.CreateOptions(variant);
        var set = JudgedRows.Draw(kind, options, Records);
        var model = ModelTrainer.Train(set, options, fit, new FitContext(TimeProvider.System, Device: factory));
        int[] rows = [.. Enumerable.Range(0, 100)];
        return (model, model.Freeze().ScoreAt(set.Values, set.Missing, [.. rows.Select(set.FirstRecord)]));
    }

    private static void AssertClose(double expected, double found, double tolerance) =>
        Assert.InRange(found, expected - (tolerance * Math.Abs(expected)), expected + (tolerance * Math.Abs(expected)));
}
