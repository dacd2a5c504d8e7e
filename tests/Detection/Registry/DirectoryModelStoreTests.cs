using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.Models.Persistence;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Registry;

public sealed class DirectoryModelStoreTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly DirectoryModelStore _store;

    public DirectoryModelStoreTests() => _store = new DirectoryModelStore(_folder.Path, keep: 3);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_Saved_ScoresBitIdentically()
    {
        var manifest = Save(0);

        var snapshot = new DirectoryModelStore(_folder.Path).Load("payments", null, PaymentRecords.Spec);

        Assert.NotNull(snapshot);
        Assert.Equal(manifest.Version, snapshot.Version);
        Assert.Matches("^20260302T120000Z-[0-9a-f]{8}$", snapshot.Version);
        Assert.Equal(manifest.Network.WeightsSha256[..8], snapshot.Version[^8..]);
        var records = PaymentRecords.Normal(300, seed: 51);
        var model = TrainedPayments.Model;
        Assert.Equal(
            new RecordScorer(model.Encoder, model.Frozen).Score(records).ToArray(),
            new RecordScorer(snapshot.Encoder, snapshot.Model).Score(records).ToArray());
        Assert.Equal(model.Threshold.Value, snapshot.Threshold.Value);
        Assert.Equal(model.Threshold.HeldOut.Quantiles, snapshot.Threshold.HeldOut.Quantiles);
        Assert.Equal(model.Threshold.HeldOut.TailProbability(7), snapshot.Threshold.HeldOut.TailProbability(7));
        Assert.Equal(manifest.Window, snapshot.Manifest.Window);
        Assert.Equal(12, snapshot.Manifest.ExcludedRecords);
        Assert.Equal(manifest.WindowFrom, snapshot.Manifest.WindowFrom);
    }

    [Fact]
    public void Load_NothingStored_IsNull()
    {
        Assert.Null(_store.Load("payments", null, PaymentRecords.Spec));
        Assert.Empty(_store.List("payments"));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Load_OtherFields_SaysWhichAndWhatToDo()
    {
        var version = Save(0).Version;
        var other = new FeatureSpec(PaymentRecords.Fields().Where(field => field.Name != "online"));

        var e = Assert.Throws<SpecMismatchException>(() => _store.Load("payments", null, other));

        Assert.Contains(version, e.Message, StringComparison.Ordinal);
        Assert.Contains(other.Hash[..12], e.Message, StringComparison.Ordinal);
        Assert.Contains("Train a new version", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AlteredManifest_IsRefused()
    {
        var path = Path.Combine(_folder["payments"], Save(0).Version, "manifest.json");
        var text = File.ReadAllText(path);
        var altered = text.Replace("\"trigger\": \"bootstrap\"", "\"trigger\": \"schedule\"", StringComparison.Ordinal);
        Assert.NotEqual(text, altered);
        File.WriteAllText(path, altered);

        var e = Assert.Throws<ModelFileException>(() => _store.Load("payments", null, PaymentRecords.Spec));

        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        Assert.Contains("altered", e.Message, StringComparison.Ordinal);
        var listed = Assert.Single(_store.List("payments"));
        Assert.Null(listed.Manifest);
        Assert.Contains("altered", listed.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EveryByteOfTheManifestFlipped_IsNeverTakenForAnother()
    {
        var path = Path.Combine(_folder["payments"], Save(0).Version, "manifest.json");
        var bytes = File.ReadAllBytes(path);
        for (var i = 0; i < bytes.Length; i += 97)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 1;
            File.WriteAllBytes(path, damaged);
            Assert.Throws<ModelFileException>(() => _store.Load("payments", null, PaymentRecords.Spec));
        }
    }

    [Fact]
    public void Load_TruncatedWeights_IsRefused()
    {
        var path = Path.Combine(_folder["payments"], Save(0).Version, "weights.safetensors");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^5]);

        var e = Assert.Throws<ModelFileException>(() => _store.Load("payments", null, PaymentRecords.Spec));

        Assert.Contains("weights.safetensors", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownFormat_NamesBoth()
    {
        var path = Path.Combine(_folder["payments"], Save(0).Version, "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"format_version\": 1", "\"format_version\": 7", StringComparison.Ordinal));

        var e = Assert.Throws<ModelFileException>(() => _store.Load("payments", null, PaymentRecords.Spec));

        Assert.Contains("format_version is 7; this program reads 1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_MoreThanAreKept_DropsTheOldestNeverTheCurrent()
    {
        var versions = Enumerable.Range(0, 5).Select(hour => Save(hour).Version).ToArray();

        Assert.Equal([versions[4], versions[3], versions[2]], _store.List("payments").Select(version => version.Version));
        Assert.Equal([true, false, false], _store.List("payments").Select(version => version.Current));
        Assert.Equal(["current", versions[2], versions[3], versions[4]], Directory.GetFileSystemEntries(_folder["payments"]).Select(Path.GetFileName).OrderByDescending(name => name == "current").ThenBy(name => name, StringComparer.Ordinal));
    }

    [Fact]
    public void Save_FolderCannotBeMade_NamesItAndChangesNothing()
    {
        var blocked = _folder.Write("file", "in the way");
        var store = new DirectoryModelStore(blocked);

        var e = Assert.Throws<IOException>(() => store.Save(TrainedPayments.Manifest("request"), TrainedPayments.Model.Model));

        Assert.Contains(Path.Combine(blocked, "payments"), e.Message, StringComparison.Ordinal);
        Assert.Contains("Check that the folder is writable", e.Message, StringComparison.Ordinal);
        Assert.Equal("in the way", File.ReadAllText(blocked));
    }

    [Fact]
    public void Save_PointerCannotBeWritten_LeavesTheFormerVersionAlone()
    {
        var first = Save(0).Version;

        // A folder in the pointer's place makes its rename fail after the version's own succeeded.
        File.Delete(_folder["payments", "current"]);
        Directory.CreateDirectory(_folder["payments", "current", "in-the-way"]);

        Assert.Throws<IOException>(() => Save(1));

        Directory.Delete(_folder["payments", "current"], recursive: true);
        Assert.Equal([first], _store.List("payments").Select(version => version.Version));
        Assert.Equal(first, _store.Load("payments", null, PaymentRecords.Spec)!.Version);
        Assert.Equal([first], Directory.GetFileSystemEntries(_folder["payments"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Load_UnfinishedVersionBesides_IsNotSeen()
    {
        var version = Save(0).Version;
        Directory.CreateDirectory(_folder["payments", ".new-20260302T130000Z-1"]);
        File.WriteAllText(_folder["payments", ".new-20260302T130000Z-1", "weights.safetensors"], "half");

        Assert.Equal([version], _store.List("payments").Select(listed => listed.Version));
        Assert.Equal(version, _store.Load("payments", null, PaymentRecords.Spec)!.Version);
    }

    [Fact]
    public void Rollback_WithoutAVersion_GoesToTheUsableOneBefore()
    {
        var first = Save(0).Version;
        var damaged = Save(1).Version;
        Save(2);
        File.WriteAllText(_folder["payments", damaged, "manifest.json"], "{");

        Assert.Equal(first, _store.Rollback("payments", null));

        Assert.Equal(first, new DirectoryModelStore(_folder.Path).Load("payments", null, PaymentRecords.Spec)!.Version);
        Assert.Throws<KeyNotFoundException>(() => _store.Rollback("payments", null));
    }

    [Theory]
    [InlineData("20250101T000000Z-00000000")]
    [InlineData("../payments")]
    public void Rollback_UnknownVersion_ListsThoseThereAre(string version)
    {
        var known = Save(0).Version;

        var e = Assert.Throws<KeyNotFoundException>(() => _store.Rollback("payments", version));

        Assert.Contains(known, e.Message, StringComparison.Ordinal);
        Assert.Contains(version, e.Message, StringComparison.Ordinal);
        Assert.Equal(known, _store.Load("payments", null, PaymentRecords.Spec)!.Version);
    }

    [Fact]
    public void Save_SameSecondOrClockSetBack_KeepsAllInTheOrderTheyWereStored()
    {
        var first = Save(1).Version;
        var second = Save(1).Version;
        var third = Save(0).Version;

        Assert.Equal([third, second, first], _store.List("payments").Select(version => version.Version));
        Assert.Equal(third, _store.List("payments").Single(version => version.Current).Version);
    }

    [Fact]
    public void List_ForeignManifest_SaysSo()
    {
        var first = Save(0).Version;
        var second = Save(1).Version;
        File.Copy(_folder["payments", first, "manifest.json"], _folder["payments", second, "manifest.json"], overwrite: true);

        var listed = _store.List("payments")[0];

        Assert.Equal(second, listed.Version);
        Assert.Contains($"that of version {first}", listed.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Serialize_Manifest_IsReadableJson()
    {
        var text = Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(_folder["payments"], Save(0).Version, "manifest.json")));

        Assert.Contains("\"spec_hash\": \"" + PaymentRecords.Spec.Hash, text, StringComparison.Ordinal);
        Assert.Contains("\"kind\": \"category\"", text, StringComparison.Ordinal);
    }

    private ModelManifest Save(int hour) => _store.Save(TrainedPayments.Manifest("bootstrap", Start.AddHours(hour)), TrainedPayments.Model.Model);
}
