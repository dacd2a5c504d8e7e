using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Training;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Training;

/// <summary>A detector's model trained on <see cref="PaymentRecords"/>, once for all tests, and stored as a real version.</summary>
internal static class TrainedPayments
{
    private static readonly Lazy<TrainedDetector> LazyModel = new(() => DetectorTrainer.Train(
        PaymentRecords.Spec, PaymentRecords.Options(), PaymentRecords.Normal(3_000), TimeProvider.System));

    private static readonly Lazy<ModelSnapshot> LazySnapshot = new(() =>
    {
        using var folder = new TemporaryFolder();
        var manifest = new DirectoryModelStore(folder.Path).Save(Manifest("bootstrap"), Model.Model);
        return new ModelSnapshot(manifest, Model.Encoder, Model.Frozen, Model.Threshold);
    });

    public static TrainedDetector Model => LazyModel.Value;

    public static ModelSnapshot Snapshot => LazySnapshot.Value;

    public static ModelManifest Manifest(string trigger, DateTimeOffset? createdAt = null) => Model.Describe(
        "payments", trigger, createdAt ?? new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), 12, [new HistoryRange("payments", 0, 0, 3_000)]);
}
