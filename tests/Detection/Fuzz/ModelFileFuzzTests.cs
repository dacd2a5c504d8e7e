using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Registry;
using AEAnomaly.Detection.Scoring;
using AEAnomaly.Detection.Tests.Training;
using AEAnomaly.Models.Persistence;
using AEAnomaly.TestKit;
using AEAnomaly.TestKit.Fuzzing;

namespace AEAnomaly.Detection.Tests.Fuzz;

/// <summary>Damaged files of a model version: loaded, or refused with the file's name and the reason. Damage that a checksum finds, and files that somebody made with a right one.</summary>
public sealed class ModelFileFuzzTests : IDisposable
{
    private static readonly string[] JsonTokens = ["{", "}", "[", "]", ",", ":", "\"", "null", "true", "{}", "[]", "\"type\":", "\"format_version\":", "\"denoising\"", "\"numeric\"", "\\ud800"];

    private readonly TemporaryFolder _folder = new();
    private readonly RecordBatch _records = PaymentRecords.Normal(3, seed: 9);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_DamagedManifests_AreReadOrRefused()
    {
        var manifest = Manifest();
        FuzzRun.Run("manifests", 500_000, [ManifestFile.Serialize(manifest)], JsonTokens, content =>
        {
            var bytes = content.ToArray();
            return Answer(() => ManifestFile.Read(bytes, "manifest.json"), "manifest.json: ");
        });
    }

    [Fact]
    public void Load_ManifestsMadeWithARightChecksum_ScoreOrAreRefused()
    {
        var store = new DirectoryModelStore(_folder.Path);
        var saved = store.Save(Manifest(), TrainedPayments.Model.Model);
        var path = _folder["payments", saved.Version, "manifest.json"];
        var body = Body(File.ReadAllBytes(path));

        FuzzRun.Run("manifests with a right checksum", 1_000, [body], JsonTokens, content =>
        {
            var forged = Forge(content);
            File.WriteAllBytes(path, forged);
            return Answer(() => Score(store.Load("payments", null, PaymentRecords.Spec)!), _folder.Path);
        });
    }

    [Fact]
    public void Load_DamagedWeights_AreRefused()
    {
        var store = new DirectoryModelStore(_folder.Path);
        var saved = store.Save(Manifest(), TrainedPayments.Model.Model);
        var path = _folder["payments", saved.Version, "weights.safetensors"];
        FuzzRun.Run("weights", 800, [File.ReadAllBytes(path)], JsonTokens, content =>
        {
            File.WriteAllBytes(path, content.ToArray());
            return Answer(() => Score(store.Load("payments", null, PaymentRecords.Spec)!), _folder.Path);
        });
    }

    private static ModelManifest Manifest()
    {
        var manifest = TrainedPayments.Snapshot.Manifest;
        // The quantiles are a thousand times the same; three of them make the file small.
        return manifest with { Threshold = manifest.Threshold with { HeldOut = manifest.Threshold.HeldOut with { Quantiles = [0.1, 0.2, 0.3] } } };
    }

    private static byte[] Body(byte[] file)
    {
        using var document = JsonDocument.Parse(file);
        return Encoding.UTF8.GetBytes(document.RootElement.GetProperty("manifest").GetRawText());
    }

    private static byte[] Forge(ReadOnlySpan<byte> body) =>
        [.. Encoding.UTF8.GetBytes($"{{\"sha256\":\"{Convert.ToHexStringLower(SHA256.HashData(body))}\",\"manifest\":"), .. body, .. "}"u8];

    private static string Answer(Action read, string name)
    {
        try
        {
            read();
            return "loaded";
        }
        catch (ModelFileException refusal)
        {
            Assert.Contains(name, refusal.Message, StringComparison.Ordinal);
            return "refused";
        }
        catch (SpecMismatchException)
        {
            return "other fields";
        }
    }

    private void Score(ModelSnapshot snapshot) => new RecordScorer(snapshot.Encoder, snapshot.Model).Score(_records);
}
