using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class EnvironmentOverridesTests
{
    [Fact]
    public void Load_VariablesForEveryShape_OverrideTheFile()
    {
        var options = Configured.Load(
            Configured.Minimal,
            ("AEANOMALY__HTTP__LISTEN", "http://0.0.0.0:8080"),
            ("AEANOMALY__DETECTORS__0__TRAINING__EVERY", "24h"),
            ("AEANOMALY__DETECTORS__0__TOPICS", "a, b"),
            ("AEANOMALY__DETECTORS__0__FIELDS__0__KIND", "categorical"),
            ("AEANOMALY__DETECTORS__0__FIELDS__1__NAME", "country"),
            ("AEANOMALY__DETECTORS__0__FIELDS__1__KIND", "key"),
            ("PATH", "ignored"),
            ("AEANOMALY_TEST_KAFKA", "ignored"));

        Assert.Equal("http://0.0.0.0:8080", options.Http.Listen);
        var detector = options.Detectors[0];
        Assert.Equal(TimeSpan.FromHours(24), detector.Training.Every);
        Assert.Equal(["a", "b"], detector.Topics);
        Assert.Equal(Detection.Records.FieldKind.Categorical, detector.Fields[0].Kind);
        Assert.Equal("country", detector.Fields[1].Name);
    }

    [Fact]
    public void Load_OnlyVariables_NeedsNoFileContent()
    {
        var options = Configured.Load(
            "",
            ("AEANOMALY__KAFKA__BOOTSTRAP_SERVERS", "localhost:9092"),
            ("AEANOMALY__DETECTORS__0__NAME", "one"),
            ("AEANOMALY__DETECTORS__0__TOPICS__0", "in"),
            ("AEANOMALY__DETECTORS__0__FIELDS__0__NAME", "a"));

        Assert.Equal("one", options.Detectors[0].Name);
        Assert.Equal(["in"], options.Detectors[0].Topics);
    }

    [Fact]
    public void Load_WrongVariables_AreNamed() =>
        Assert.Equal(
            [
                "environment variable AEANOMALY__DETECTORS__0__FIT__SEED: detectors[0].fit.seed: found 'x'; expected a whole number.",
                "environment variable AEANOMALY__DETECTORS__0__NAME__X: detectors[0].name: is a single value, so 'x' below it cannot be set.",
                "environment variable AEANOMALY__DETECTORS__7__NAME: detectors: found position '7'; the list has 1 entries, so 0 to 1 is allowed.",
                "environment variable AEANOMALY__HTTPS__LISTEN: https: is an unknown key; did you mean 'http'?",
                "environment variable AEANOMALY__HTTP____LISTEN: names no key; write AEANOMALY__SECTION__KEY, list positions as numbers from 0.",
            ],
            Configured.Errors(
                Configured.Minimal,
                ("AEANOMALY__HTTPS__LISTEN", "x"),
                ("AEANOMALY__DETECTORS__0__FIT__SEED", "x"),
                ("AEANOMALY__DETECTORS__7__NAME", "x"),
                ("AEANOMALY__DETECTORS__0__NAME__X", "x"),
                ("AEANOMALY__HTTP____LISTEN", "x")));

    [Fact]
    public void Load_VariableInPlaceOfABrokenValue_MendsIt() =>
        Assert.Equal(
            3,
            Configured.Load(Configured.Minimal + "    fit: {seed: broken}\n", ("AEANOMALY__DETECTORS__0__FIT__SEED", "3")).Detectors[0].Fit.Seed);

    [Fact]
    public void Apply_TenEntries_AreTakenInTheOrderOfTheirNumbers()
    {
        var root = new MappingNode(new ConfigurationOrigin("f", 1));
        var errors = new ConfigurationErrors("f");
        EnvironmentOverrides.Apply(root, Enumerable.Range(0, 12).ToDictionary(i => $"AEANOMALY__L__{i}", i => $"v{i}"), errors);

        var list = Assert.IsType<SequenceNode>(Assert.Single(root.Entries).Value);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"v{i}"), list.Items.Select(n => ((ScalarNode)n).Text));
        Assert.Equal(0, errors.Count);
    }
}
