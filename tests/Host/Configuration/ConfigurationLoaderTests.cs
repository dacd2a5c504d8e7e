using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Thresholds;
using AEAnomaly.Host.Configuration;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Fact]
    public void Load_MinimalFile_KeepsEveryDefault()
    {
        var options = Configured.Load(Configured.Minimal);

        Assert.Equal("./models", options.Models.Directory);
        Assert.Equal(10, options.Models.Keep);
        Assert.Equal("http://127.0.0.1:9464", options.Http.Listen);
        var detector = Assert.Single(options.Detectors);
        Assert.Equal("payments", detector.Name);
        Assert.Equal(["payments"], detector.Topics);
        Assert.Equal("payments.alerts", detector.AlertTopicName);
        Assert.Equal("payments.dead-letters", detector.DeadLetterTopicName);
        Assert.Equal(TimeSpan.FromDays(7), detector.Training.Window);
        Assert.Null(detector.Training.Every);
        Assert.Equal(256, detector.Fit.BatchSize);
    }

    [Fact]
    public void Load_EveryKindOfValue_ReadsIt()
    {
        var options = Configured.Load(
            Configured.Minimal +
            """
                    scaling: log1p
                    required: true
                    pass_through: masked
                    max_categories: 8
                    path: payment.amount
                    unit: EUR
                fit: {seed: -7, learning_rate: 5e-4, held_out_share: 0.25}
                training:
                  every: 1h30m
                  window: null
                threshold:
                  method: alert_rate
                  alert_rate: 0.01
                alerts:
                  topic: 'alerts'
                  episode_gap: 90s
            """);

        var detector = options.Detectors[0];
        var field = Assert.Single(detector.Fields);
        Assert.Equal(
            new FieldSpec
            {
                Name = "amount",
                Kind = FieldKind.Numeric,
                Scaling = NumericScaling.Log1p,
                Required = true,
                PassThrough = PassThrough.Masked,
                MaxCategories = 8,
                Path = "payment.amount",
                Unit = "EUR",
            },
            field);
        Assert.Equal(-7, detector.Fit.Seed);
        Assert.Equal(5e-4, detector.Fit.LearningRate);
        Assert.Equal(0.25, detector.Fit.HeldOutShare);
        Assert.Equal(TimeSpan.FromMinutes(90), detector.Training.Every);
        Assert.Null(detector.Training.Window);
        Assert.Equal(ThresholdMethod.AlertRate, detector.Threshold.Method);
        Assert.Equal("alerts", detector.Alerts.Topic);
        Assert.Equal(TimeSpan.FromSeconds(90), detector.Alerts.EpisodeGap);
    }

    [Fact]
    public void Load_EmptySection_KeepsDefaults()
    {
        var options = Configured.Load(Configured.Minimal + "    fit:\n    training: {}\nhttp:\n");

        Assert.Equal(1, options.Detectors[0].Fit.Seed);
        Assert.Equal(2_000, options.Detectors[0].Training.MinRecords);
        Assert.Equal("http://127.0.0.1:9464", options.Http.Listen);
    }

    [Fact]
    public void Load_AnchorsAndMergeKeys_ShareSections()
    {
        var options = Configured.Load(
            """
            kafka: {bootstrap_servers: localhost:9092}
            detectors:
              - &base
                name: one
                topics: [one]
                fields: [{name: a, kind: numeric}]
                fit: &fit {seed: 5}
              - <<: *base
                name: two
                topics: [two]
            """,
            ("AEANOMALY__DETECTORS__1__FIT__SEED", "6"));

        Assert.Equal("two", options.Detectors[1].Name);
        Assert.Equal("a", options.Detectors[1].Fields[0].Name);
        Assert.Equal(6, options.Detectors[1].Fit.Seed);
        Assert.Equal(5, options.Detectors[0].Fit.Seed);
    }

    [Fact]
    public void Load_AliasWithoutAnchor_NamesKeyAndLine() =>
        Assert.Equal(
            ["line 9: detectors[0].fit: found an alias, and no anchor of its name before it; put quotes around a text that begins with *."],
            Configured.Errors(Configured.Minimal + "    fit: *fit\n"));

    [Fact]
    public void Load_MergeOfSeveral_TheFirstThatHasAKeyGivesIt()
    {
        var options = Configured.Load(
            """
            kafka: {bootstrap_servers: localhost:9092}
            detectors:
              - name: one
                topics: [one]
                fields: &fields [{name: a, kind: numeric}]
                fit: &small {max_steps: 100, batch_size: 8}
                training: &often {every: 1h}
              - name: two
                topics: [two]
                fields: *fields
                fit:
                  <<: [*small, {batch_size: 16, patience: 3}]
                  seed: 9
                training:
                  <<: [*often]
            """);

        var two = options.Detectors[1];
        Assert.Equal((100, 8, 3, 9), (two.Fit.MaxSteps, two.Fit.BatchSize, two.Fit.Patience, two.Fit.Seed));
        Assert.Equal(TimeSpan.FromHours(1), two.Training.Every);
    }

    [Fact]
    public void Load_MergeOfMerges_KeepsWhatIsSaidNearest()
    {
        var options = Configured.Load(
            """
            kafka: {bootstrap_servers: localhost:9092}
            detectors:
              - &one
                name: one
                topics: [one]
                fields: [{name: a, kind: numeric}]
                fit: &first {seed: 1, patience: 1}
              - &two
                <<: *one
                name: two
                topics: [two]
                fit: {<<: *first, seed: 2}
              - <<: [*two, *one]
                name: three
                topics: [three]
            """);

        Assert.Equal((2, 1), (options.Detectors[2].Fit.Seed, options.Detectors[2].Fit.Patience));
        Assert.Equal(["one", "two", "three"], options.Detectors.Select(detector => detector.Name));
    }

    [Theory]
    [InlineData("    fit: {<<: 7}", "line 9: detectors[0].fit.<<: merges sections; expected an alias of one such as *name, or a list of them.")]
    [InlineData("    fit: {<<: [{seed: 1}, x]}", "line 9: detectors[0].fit.<<: merges sections; expected an alias of one such as *name, or a list of them.")]
    [InlineData("    fit: {<<: [[{seed: 1}]]}", "line 9: detectors[0].fit.<<: merges sections; expected an alias of one such as *name, or a list of them.")]
    [InlineData("    fit: {<<: {seed: 1}, <<: {patience: 1}}", "line 9: detectors[0].fit.<<: the key stands twice; first on line 9. Write <<: [*one, *other].")]
    [InlineData("    fit: {<<: [*nothing]}", "line 9: detectors[0].fit.<<[0]: found an alias, and no anchor of its name before it; put quotes around a text that begins with *.")]
    public void Load_MergeOfSomethingElse_SaysWhatItMerges(string line, string expected) =>
        Assert.Equal([expected], Configured.Errors(Configured.Minimal + line + "\n"));

    [Fact]
    public void Load_FileThatDoesNotExist_SaysHowToGetOne()
    {
        var problem = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load("/nowhere/a.yaml", new Dictionary<string, string>()));

        Assert.Equal("/nowhere/a.yaml: the file does not exist; 'aeanomaly init --data FILE' writes one.", Assert.Single(problem.Errors).ToString());
    }

    [Fact]
    public void Load_Folder_SaysSo()
    {
        var folder = Path.GetTempPath();
        var problem = Assert.Throws<ConfigurationException>(() => ConfigurationLoader.Load(folder, new Dictionary<string, string>()));

        Assert.Equal($"{folder}: is a folder, not a file.", Assert.Single(problem.Errors).ToString());
    }

    [Theory]
    [InlineData("detectors: [\n", "line 1: not valid YAML (column 1): While parsing a node, did not find expected node content.")]
    [InlineData("a: b: c", "line 1: not valid YAML (column 5): ")]
    [InlineData("detectors:\n\t- name: x", "line 2: not valid YAML: a tab indents this line; use spaces.")]
    [InlineData("kafka:\n  group_id: a\n\tbatch_records: 1", "line 3: not valid YAML: a tab indents this line; use spaces.")]
    [InlineData("kafka:\n  group_id: a\n  properties:\n  \tlinger.ms: 1", "line 4: not valid YAML: a tab indents this line; use spaces.")]
    [InlineData("kafka:\n  - \ta: 1\n\t  b: 2", "line 3: not valid YAML: a tab indents this line; use spaces.")]
    [InlineData("detectors: [{name: a", "line 1: not valid YAML")]
    [InlineData("- a\n- b", "line 1: found a list; expected sections such as 'kafka:' and 'detectors:'.")]
    [InlineData("word", "line 1: found a single value; expected sections such as 'kafka:' and 'detectors:'.")]
    public void Load_NotAConfiguration_NamesTheLine(string yaml, string expected) =>
        Assert.StartsWith(expected, Assert.Single(Configured.Errors(yaml)), StringComparison.Ordinal);

    [Fact]
    public void Load_AliasesThatExplode_AreRefused()
    {
        var yaml = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + string.Concat(
            Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

        Assert.Contains("aliases repeat too much", Assert.Single(Configured.Errors(yaml)), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_DuplicateKeys_NamesBothLinesAndGoesOn() =>
        Assert.Equal(
            [
                "line 9: detectors[0].fit.seed: found 'x'; expected a whole number.",
                "line 10: detectors[0].fit: the key stands twice; first on line 9. Keep one.",
            ],
            Configured.Errors(Configured.Minimal + "    fit: {seed: x}\n    fit: {seed: 2}\n"));

    [Theory]
    [InlineData("kafka:\n  group_id: x", "line 9: kafka: the key stands twice; first on line 1. Keep one.")]
    [InlineData("    \"topics\": [x]", "line 9: detectors[0].topics: the key stands twice; first on line 5. Keep one.")]
    [InlineData("    fit: {seed: 1, 'seed': 2}", "line 9: detectors[0].fit.seed: the key stands twice; first on line 9. Keep one.")]
    [InlineData("        kind: key", "line 9: detectors[0].fields[0].kind: the key stands twice; first on line 8. Keep one.")]
    public void Load_DuplicateKeyAnywhere_NamesBothLines(string line, string expected) =>
        Assert.Contains(expected, Configured.Errors(Configured.Minimal + line + "\n"));

    [Fact]
    public void Load_TabThatIndentsNothing_IsABlank() =>
        Assert.Equal(5, Configured.Load(Configured.Minimal + "    fit:\t{seed:\t5}\t# five\n").Detectors[0].Fit.Seed);

    [Fact]
    public void Load_EmptyFile_SaysWhatIsMissing() =>
        Assert.Contains("line 1: detectors: is missing; expected a list of at least 1.", Configured.Errors(""));
}
