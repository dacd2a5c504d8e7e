using System.Text.Json;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Persistence;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tests.Training;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Tests.Persistence;

public sealed class TrainedModelFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aeanomaly-models-");

    public static TheoryData<string> Variants => [.. VariantCatalog.All.Select(variant => variant.Name)];

    private string WeightsPath => Path.Combine(_folder.FullName, "weights.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Variants))]
    public void Load_SavedModel_ScoresWithTheSameBits(string variant)
    {
        var set = SyntheticRows.For(variant, SyntheticRows.Mixed(300, missingShare: 0.1, seed: 31));
        var model = Train(variant, set);

        var manifest = JsonSerializer.Serialize(model.Save(WeightsPath));
        var loaded = TrainedModel.Load(JsonSerializer.Deserialize<ModelDescription>(manifest)!, WeightsPath);

        Assert.Equal(ModelTrainerTests.Scores(model, set), ModelTrainerTests.Scores(loaded, set));
        Assert.Equal(model.Report, loaded.Report);
        Assert.Equal(model.Layout.Blocks.ToArray(), loaded.Layout.Blocks.ToArray());
        Assert.Equal((model.Variant.Latent, string.Join('-', model.Variant.Hidden)), (loaded.Variant.Latent, string.Join('-', loaded.Variant.Hidden)));
        Assert.Empty(loaded.HeldOutRows);
        Assert.Equal([WeightsPath], Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Save_ExistingFile_ReplacesIt()
    {
        var model = Train("ae", SyntheticRows.Mixed(50, 0, 32));
        File.WriteAllText(WeightsPath, "something older and much shorter");
        var description = model.Save(WeightsPath);
        Assert.Equal(description.Parameters, TrainedModel.Load(description, WeightsPath).Network.Parameters.ElementCount);
    }

    [Fact]
    public void Load_AlteredByte_NamesFileAndBothHashes()
    {
        var description = Train("ae", SyntheticRows.Mixed(50, 0, 33)).Save(WeightsPath);
        var bytes = File.ReadAllBytes(WeightsPath);
        bytes[^5] ^= 1;
        File.WriteAllBytes(WeightsPath, bytes);

        var message = Refusal(description);
        Assert.Contains("altered or cut off", message, StringComparison.Ordinal);
        Assert.Contains(description.WeightsSha256, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TruncatedFile_IsRefused()
    {
        var description = Train("ae", SyntheticRows.Mixed(50, 0, 33)).Save(WeightsPath);
        File.WriteAllBytes(WeightsPath, File.ReadAllBytes(WeightsPath)[..^100]);
        Assert.Contains("altered or cut off", Refusal(description), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MissingFile_NamesThePath()
    {
        var description = Train("ae", SyntheticRows.Mixed(50, 0, 33)).Save(WeightsPath);
        File.Delete(WeightsPath);
        Assert.Contains("could not be read", Refusal(description), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherNetworksFile_NamesTheTensorAndBothShapes()
    {
        var description = Train("ae", SyntheticRows.Mixed(50, 0, 33)).Save(WeightsPath);
        var other = Train("ae", SyntheticRows.Manifold(50, 4, 2, 0.1, 1)).Save(WeightsPath);
        Assert.Contains(
            "tensor 'encoder.0.weight' has shape [128, 4]; the description expects [128, 16]",
            Refusal(description with { WeightsSha256 = other.WeightsSha256 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherVariantsFile_IsRefused()
    {
        var set = SyntheticRows.Mixed(50, 0, 33);
        var plain = Train("ae", set).Save(WeightsPath);
        var variational = Train("vae", set).Save(WeightsPath);
        Assert.Contains("encoder.2.weight", Refusal(plain with { WeightsSha256 = variational.WeightsSha256 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DescriptionBroken_SaysWhatIsWrong()
    {
        var description = Train("ae", SyntheticRows.Mixed(50, 0, 33)).Save(WeightsPath);
        Assert.Contains("variant 'magic'; known are denoising, ", Refusal(description with { Variant = "magic" }), StringComparison.Ordinal);
        Assert.Contains("options", Refusal(description with { Options = Json("[]") }), StringComparison.Ordinal);
        Assert.Contains("options", Refusal(description with { Options = Json("{\"Hidden\":[2000000000],\"Latent\":2}") }), StringComparison.Ordinal);
        Assert.Contains("layout", Refusal(description with { Blocks = [.. description.Blocks.Skip(1)] }), StringComparison.Ordinal);
        Assert.Contains("the description says 7", Refusal(description with { Parameters = 7 }), StringComparison.Ordinal);

        static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
    }

    [Fact]
    public void Save_FolderMissing_NamesThePath()
    {
        var path = Path.Combine(_folder.FullName, "nowhere", "weights.safetensors");
        var error = Assert.Throws<ModelFileException>(() => Train("ae", SyntheticRows.Mixed(50, 0, 33)).Save(path));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("could not be written", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Save_WriteRefused_KeepsTheOldFileAndNamesThePath()
    {
        // A folder in the place of the temporary file refuses the write on every system and for every user.
        File.WriteAllText(WeightsPath, "old");
        Directory.CreateDirectory(WeightsPath + ".partial");
        var error = Assert.Throws<ModelFileException>(() => Train("ae", SyntheticRows.Mixed(50, 0, 33)).Save(WeightsPath));
        Assert.Contains(WeightsPath, error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(WeightsPath));
    }

    private string Refusal(ModelDescription description)
    {
        var message = Assert.Throws<ModelFileException>(() => TrainedModel.Load(description, WeightsPath)).Message;
        Assert.StartsWith($"'{WeightsPath}': ", message, StringComparison.Ordinal);
        return message;
    }

    private static TrainedModel Train(string variant, TrainingSet set) =>
        ModelTrainer.Train(set, TestedVariants.Options(variant), new TrainingOptions { MaxSteps = 50 }, TimeProvider.System);
}
