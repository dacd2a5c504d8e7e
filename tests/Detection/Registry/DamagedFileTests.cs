using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Tests.Lifecycle;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.Models.Persistence;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Registry;

/// <summary>A damaged file is refused with its name and the reason, and passed over; it never ends the process that meets it.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_AnyBitOfAManifestFlipped_IsRefusedWithTheFilesName()
    {
        var manifest = TrainedPayments.Snapshot.Manifest;
        // The quantiles are a thousand times the same; three of them make the file small.
        var content = ManifestFile.Serialize(manifest with
        {
            Threshold = manifest.Threshold with { HeldOut = manifest.Threshold.HeldOut with { Quantiles = [0.1, 0.2, 0.3] } },
        });
        Assert.Equal(manifest.Version, ManifestFile.Read(content, "manifest.json").Version);
        for (var bit = 0; bit < 8 * content.Length; bit++)
        {
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            var refusal = Record.Exception(() => ManifestFile.Read(content, "manifest.json"));
            content[bit / 8] ^= (byte)(1 << (bit % 8));

            Assert.True(refusal is ModelFileException && refusal.Message.StartsWith("manifest.json: ", StringComparison.Ordinal), $"bit {bit}: {refusal}");
        }
    }

    [Fact]
    public void Load_AnyBitOfThePointerFlipped_IsRefusedOrMeansTheSame()
    {
        var store = new DirectoryModelStore(_folder.Path);
        var version = store.Save(TrainedPayments.Manifest("bootstrap"), TrainedPayments.Model.Model).Version;
        var pointer = _folder["payments", "current"];
        var content = File.ReadAllBytes(pointer);
        for (var bit = 0; bit < 8 * content.Length; bit++)
        {
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(pointer, content);
            content[bit / 8] ^= (byte)(1 << (bit % 8));
            var listed = Assert.Single(store.List("payments"));

            if (listed.Current)
                Assert.Equal(version, store.Load("payments", null, PaymentRecords.Spec)!.Version);
            else
                Assert.Contains(pointer, Assert.Throws<ModelFileException>(() => store.Load("payments", null, PaymentRecords.Spec)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0\0\0\0\0")]
    [InlineData("../payments")]
    [InlineData("20250101T000000Z-00000000")]
    public async Task RunAsync_PointerDamaged_ScoresWithTheNewestVersionAndSaysWhy(string content)
    {
        await using var harness = DetectorHarness.WithModel();
        var newest = harness.Store.Save(TrainedPayments.Manifest("request", harness.Time.GetUtcNow().AddHours(1)), TrainedPayments.Model.Model).Version;
        File.WriteAllText(harness.Folder["payments", "current"], content);

        await harness.StartedAsync();

        Assert.Equal(newest, harness.Detector.Status.ModelVersion);
        Assert.Contains("in place of the current one, which cannot be used", harness.Detector.Status.Reason, StringComparison.Ordinal);
        Assert.Contains(harness.Folder["payments", "current"], harness.Detector.Status.Reason, StringComparison.Ordinal);
        Assert.Equal(newest, harness.Detector.Rollback(newest));
        Assert.DoesNotContain("in place of", harness.Detector.Status.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("weights.safetensors")]
    public async Task RunAsync_CurrentVersionDamaged_ScoresWithTheOneBeforeAndSaysWhy(string file)
    {
        await using var harness = DetectorHarness.WithModel();
        var first = harness.Store.List("payments")[0].Version;
        var second = harness.Store.Save(TrainedPayments.Manifest("request", harness.Time.GetUtcNow().AddHours(1)), TrainedPayments.Model.Model).Version;
        var path = harness.Folder["payments", second, file];
        var content = File.ReadAllBytes(path);
        content[content.Length / 2] ^= 1;
        File.WriteAllBytes(path, content);

        await harness.StartedAsync();

        Assert.Equal(first, harness.Detector.Status.ModelVersion);
        Assert.Contains(second, harness.Detector.Status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_AnotherVersionDamaged_ScoresWithTheCurrentOne()
    {
        await using var harness = DetectorHarness.WithModel();
        var first = harness.Store.List("payments")[0].Version;
        var second = harness.Store.Save(TrainedPayments.Manifest("request", harness.Time.GetUtcNow().AddHours(1)), TrainedPayments.Model.Model).Version;
        File.WriteAllBytes(harness.Folder["payments", first, "manifest.json"], [0xff, 0xfe, 0x00]);

        await harness.StartedAsync();
        await harness.UntilAsync(() => harness.Detector.RequestRetraining("request"), "the schedule has started");

        Assert.Equal(second, harness.Detector.Status.ModelVersion);
    }
}
