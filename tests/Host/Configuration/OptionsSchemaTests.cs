using System.Text.Json.Nodes;
using AEAnomaly.Host.Configuration;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class OptionsSchemaTests
{
    private static readonly JsonObject Schema =
        JsonNode.Parse(new OptionsSchema([PolymorphicSection.Model]).Build(typeof(AEAnomalyOptions)).ToJsonString())!.AsObject();

    [Fact]
    public void Build_ExampleConfiguration_IsValid()
    {
        var yaml = DocumentedExample.Yaml;

        Assert.Empty(JsonSchemaReader.Validate(YamlAsJson.Read(yaml), Schema));
        Assert.NotEmpty(Configured.Load(yaml).Detectors);
    }

    [Fact]
    public void Build_Minimal_IsValid() => Assert.Empty(JsonSchemaReader.Validate(YamlAsJson.Read(Configured.Minimal), Schema));

    [Theory]
    [InlineData("    trainig: {}\n", "$.detectors[0].trainig: additionalProperties")]
    [InlineData("    name2: x\n", "$.detectors[0].name2: additionalProperties")]
    [InlineData("    fit: {seed: x}\n", "$.detectors[0].fit.seed: type")]
    [InlineData("    fit: {held_out_share: 0.9}\n", "$.detectors[0].fit.held_out_share: maximum")]
    [InlineData("    fit: {max_steps: 0}\n", "$.detectors[0].fit.max_steps: minimum")]
    [InlineData("    fit: {max_steps: 1.5}\n", "$.detectors[0].fit.max_steps: type")]
    [InlineData("    training: {every: 5 minutes}\n", "$.detectors[0].training.every: pattern")]
    [InlineData("    threshold: {method: best}\n", "$.detectors[0].threshold.method: enum")]
    [InlineData("    model: {variant: best}\n", "$.detectors[0].model: oneOf")]
    [InlineData("    model: {variant: vae, latent: 0}\n", "$.detectors[0].model: oneOf")]
    [InlineData("    model: {variant: ensemble, members: [{variant: ensemble}]}\n", "$.detectors[0].model: oneOf")]
    [InlineData("    model: {variant: ensemble, members: [{variant: conv}]}\n", "$.detectors[0].model: oneOf")]
    [InlineData("    model: {variant: ensemble, members: [{variant: vae, latent: 0}]}\n", "$.detectors[0].model: oneOf")]
    [InlineData("    model: {variant: ensemble, members: []}\n", "$.detectors[0].model: oneOf")]
    [InlineData("models: {keep: 1}\n", "$.models.keep: minimum")]
    public void Build_BrokenConfiguration_IsInvalid(string addition, string expected) =>
        Assert.Equal([expected], JsonSchemaReader.Validate(YamlAsJson.Read(Configured.Minimal + addition), Schema));

    [Fact]
    public void Build_MissingKeys_AreInvalid()
    {
        Assert.Contains("$: required", JsonSchemaReader.Validate(YamlAsJson.Read("http: {}\n"), Schema));
        Assert.Contains("$.detectors[0]: required", JsonSchemaReader.Validate(YamlAsJson.Read("detectors:\n  - format: json\n"), Schema));
        Assert.Contains("$.detectors: minItems", JsonSchemaReader.Validate(YamlAsJson.Read("detectors: []\n"), Schema));
    }

    [Fact]
    public void Build_EveryVariant_IsAChoiceByItsName()
    {
        foreach (var variant in VariantCatalog.All)
        {
            var hidden = variant.OptionsType.IsSubclassOf(typeof(ShallowOptions)) ? "[]" : "[16, 8]";
            var groups = variant.Name == "cross-domain" ? ", first_fields: [amount]" : "";
            var yaml = Configured.Minimal + $"      - {{name: age, kind: numeric}}\n    model: {{variant: {variant.Name}, latent: 4, hidden: {hidden}{groups}}}\n";
            Assert.Empty(JsonSchemaReader.Validate(YamlAsJson.Read(yaml), Schema));
            Assert.IsType(variant.OptionsType, Configured.Load(yaml).Detectors[0].Model);
        }
    }

    [Fact]
    public void Build_Ensemble_TakesEveryVariantOfSingleRecordsAsAMember()
    {
        var members = VariantCatalog.All.Where(variant => EnsembleOptions.CanHold(variant.OptionsType)).Select(variant => $"{{variant: {variant.Name}, latent: 4}}");
        var yaml = Configured.Minimal + $"    model: {{variant: ensemble, seeds: 2, members: [{string.Join(", ", members)}]}}\n";
        Assert.Empty(JsonSchemaReader.Validate(YamlAsJson.Read(yaml), Schema));
    }

    [Fact]
    public void Build_EveryOption_HasADescription()
    {
        var missing = new List<string>();
        var options = CountUndescribed(Schema, "", missing);

        Assert.Empty(missing);
        Assert.InRange(options, 40, 1000);
    }

    [Fact]
    public void Build_Defaults_AreThoseOfTheTypes()
    {
        var fit = Schema["properties"]!["detectors"]!["items"]!["properties"]!["fit"]!["properties"]!;

        Assert.Equal(256, (int)fit["batch_size"]!["default"]!);
        Assert.Equal(0.001, (double)fit["learning_rate"]!["default"]!);
        Assert.Equal("7d", (string)Schema["properties"]!["detectors"]!["items"]!["properties"]!["training"]!["properties"]!["window"]!["default"]!);
    }

    private static int CountUndescribed(JsonObject schema, string path, List<string> missing)
    {
        var options = 0;
        foreach (var (key, option) in schema["properties"]?.AsObject() ?? [])
        {
            if (string.IsNullOrWhiteSpace((string?)option!["description"]))
                missing.Add($"{path}.{key}");
            options += 1 + CountUndescribed(option.AsObject(), $"{path}.{key}", missing);
        }

        foreach (var choice in schema["oneOf"]?.AsArray() ?? [])
            options += CountUndescribed(choice!.AsObject(), path, missing);
        return options + (schema["items"] is JsonObject items ? CountUndescribed(items, $"{path}[]", missing) : 0);
    }
}
