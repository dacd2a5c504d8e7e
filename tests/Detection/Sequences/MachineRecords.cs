using System.Text;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Lifecycle;
using AEAnomaly.Detection.Training;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Detection.Tests.Sequences;

/// <summary>Machines that report in turn, each climbing from 0 to 11 and falling back, at a phase of its own.</summary>
internal static class MachineRecords
{
    public const int Window = 12;
    public const int Machines = 3;

    private static readonly Lazy<TrainedDetector> LazyModel = new(() => DetectorTrainer.Train(Spec!, Options(), Climbing(3_000), TimeProvider.System));

    public static List<FieldSpec> Fields { get; } = [new() { Name = "machine", Kind = FieldKind.Key }, new() { Name = "load" }];

    public static FeatureSpec Spec { get; } = new(Fields);

    public static TrainedDetector Model => LazyModel.Value;

    public static DetectorOptions Options(string variant = "conv") => new()
    {
        Name = "machines",
        Topics = ["machines"],
        Fields = Fields,
        Model = Variant(variant),
        Fit = new TrainingOptions { MaxSteps = 400, BatchSize = 64 },
        Training = new RetrainingOptions { MinRecords = 1_000, MaxRecords = 20_000 },
    };

    /// <summary>A detector whose store holds the shared model, and that can train another.</summary>
    public static DetectorHarness HarnessWithModel()
    {
        var options = Options();
        options.Fit.MaxSteps = 60;
        var harness = new DetectorHarness(options, Climbing(1_500));
        harness.Store.Save(Model.Describe("machines", "bootstrap", harness.Time.GetUtcNow(), 0, []), Model.Model);
        return harness;
    }

    /// <summary>Normal records; machine <c>offset % 3</c> reports at an offset.</summary>
    public static RecordBatch Climbing(int count, long first = 0)
    {
        var batch = new RecordBatch(Spec, Math.Max(1, count));
        for (var i = 0; i < count; i++)
            Add(batch, first + i, Load(first + i));
        return batch;
    }

    public static double Load(long offset) => ((offset / Machines) + (offset % Machines * 5)) % Window;

    public static void Add(RecordBatch batch, long offset, double load)
    {
        var row = batch.Append(new RecordOrigin("machines", 0, offset, 1_772_452_800_000 + (offset * 1000)));
        batch.SetText(0, row, Encoding.UTF8.GetBytes($"m{offset % Machines}"));

        // A little unevenness that repeats nowhere: a network must not learn the values by heart.
        batch.SetNumber(1, row, load + (0.1 * Math.Sin(offset * 12.9898)));
    }

    private static VariantOptions Variant(string name)
    {
        var options = VariantCatalog.CreateOptions(name);
        if (options is SequenceOptions sequence)
            sequence.Window = Window;
        return options;
    }
}
