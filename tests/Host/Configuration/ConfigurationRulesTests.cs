using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Denoising;
using AEAnomaly.Models.Variants.Masked;

namespace AEAnomaly.Host.Tests.Configuration;

public sealed class ConfigurationRulesTests
{
    private static string MemberNames => string.Join(", ", VariantCatalog.All.Where(variant => EnsembleOptions.CanHold(variant.OptionsType)).Select(variant => variant.Name));

    [Theory]
    [InlineData("~", "nothing expands ~ here. Write the whole path.")]
    [InlineData("~/models", "nothing expands ~ here. Write the whole path.")]
    [InlineData("s3://bucket/models", "expected a folder of this machine, without a scheme.")]
    [InlineData("file:///var/lib/models", "expected a folder of this machine, without a scheme.")]
    public void Check_ModelFolderThatIsNoPath_SaysWhatItIs(string directory, string expected) =>
        Assert.Equal(
            [$"line 9: models.directory: found '{directory}'; {expected}"],
            Configured.Errors(Configured.Minimal + $"models: {{directory: '{directory}'}}\n"));

    [Fact]
    public void Check_DetectorsThatShareNamesAndTopics_ReportsEach() =>
        Assert.Equal(
            [
                "line 8: detectors[1].name: found 'one', which detectors[0] has already; names must differ.",
                "line 11: detectors[1].alerts.topic: found 'in', which detectors[0].topics[0] reads; alerts must go to a topic that no detector reads.",
                "line 15: detectors[2].dead_letter_topic: found 'other', which detectors[1].topics[0] reads; dead letters must go to a topic that no detector reads.",
                "line 20: detectors[3].dead_letter_topic: found 'bad' for alerts and for dead letters; use two topics.",
            ],
            Configured.Errors(
                """
                kafka: {bootstrap_servers: 'localhost:9092'}
                detectors:
                  - name: one
                    topics: [in]
                    fields:
                      - name: a
                        kind: numeric
                  - name: one
                    topics: [other]
                    fields: [{name: a, kind: numeric}]
                    alerts: {topic: in}
                  - name: three
                    topics: [third]
                    fields: [{name: a, kind: numeric}]
                    dead_letter_topic: other
                  - name: four
                    topics: [fourth]
                    fields: [{name: a, kind: numeric}]
                    alerts: {topic: bad}
                    dead_letter_topic: bad
                """));

    [Theory]
    [InlineData("x", "which detectors[0].topics[0] reads; scores must go to a topic that no detector reads.")]
    [InlineData("a.alerts", "for scores and for alerts; use two topics.")]
    [InlineData("a.dead-letters", "for scores and for dead letters; use two topics.")]
    public void Check_ScoresTopicThatIsAnother_ReportsIt(string topic, string expected) =>
        Assert.Equal(
            [$"line 3: detectors[0].scores_topic: found '{topic}'{(expected[0] == 'w' ? "," : "")} {expected}"],
            Configured.Errors($"kafka: {{bootstrap_servers: 'localhost:9092'}}\ndetectors:\n  - {{name: a, topics: [x], scores_topic: {topic}, fields: [{{name: f, kind: numeric}}]}}\n"));

    [Fact]
    public void Check_DefaultAlertTopicIsRead_ReportsTheDetector() =>
        Assert.Equal(
            ["line 3: detectors[0].alerts.topic: found 'a.alerts', which detectors[0].topics[1] reads; alerts must go to a topic that no detector reads."],
            Configured.Errors("kafka: {bootstrap_servers: 'localhost:9092'}\ndetectors:\n  - {name: a, topics: [x, a.alerts], fields: [{name: f, kind: numeric}]}\n"));

    [Fact]
    public void Check_FieldsThatMakeNoDetector_ReportsEach() =>
        Assert.Equal(
            [
                "line 7: detectors[0].fields[1].name: found 'a', which fields[0] has already; names must differ.",
                "line 8: detectors[0].fields[2].kind: found a second label; fields[0] ('a') is the label already. Give this one another kind, say ignore.",
            ],
            Configured.Errors(
                """
                kafka: {bootstrap_servers: 'localhost:9092'}
                detectors:
                  - name: one
                    topics: [in]
                    fields:
                      - {name: a, kind: label}
                      - {name: a, kind: key}
                      - {name: c, kind: label}
                """));

    [Fact]
    public void Check_RulesOfValuesThatDoNotFit_ReportsEach() =>
        Assert.Equal(
            [
                "line 6: detectors[0].fields[0].decimal: found ';'; expected one of ., ,, or null.",
                "line 7: detectors[0].fields[1].decimal: found ',' in a field of kind categorical; only numeric fields have a decimal mark. Leave it out.",
                "line 8: detectors[0].fields[2].format: found 'dd/MM'; expected a pattern with year, month and day, say dd/MM/yyyy HH:mm:ss.",
                "line 8: detectors[0].fields[2].time_zone: found 'Europe/Berln'; expected the name of a time zone that this machine knows, say Europe/Berlin or UTC, or an offset such as +01:00.",
                "line 9: detectors[0].fields[3].format: found 'yyyy' in a field of kind key; only timestamp fields have a format. Leave it out.",
                "line 9: detectors[0].fields[3].normal: found 'good' in a field of kind key; only a label says what is normal. Leave it out.",
                "line 10: detectors[0].fields[4].missing: found 'NA'; expected a list.",
            ],
            Configured.Errors(
                """
                kafka: {bootstrap_servers: 'localhost:9092'}
                detectors:
                  - name: one
                    topics: [in]
                    fields:
                      - {name: a, kind: numeric, decimal: ';'}
                      - {name: b, kind: categorical, decimal: ','}
                      - {name: c, kind: timestamp, format: dd/MM, time_zone: Europe/Berln}
                      - {name: d, kind: key, format: yyyy, normal: [good]}
                      - {name: e, kind: numeric, missing: NA}
                """));

    [Fact]
    public void Check_NoFeature_SaysWhichKindsAre() =>
        Assert.Equal(
            ["line 5: detectors[0].fields: no field is a feature; declare at least one of kind numeric, categorical, boolean or timestamp."],
            Configured.Errors(
                """
                kafka: {bootstrap_servers: 'localhost:9092'}
                detectors:
                  - name: one
                    topics: [in]
                    fields:
                      - {name: a, kind: key}
                """));

    [Theory]
    [InlineData("{variant: cross-domain}", ".model.first_fields: is missing; variant 'cross-domain' needs the names of the fields of its first group, some of a, b.")]
    [InlineData("{variant: cross-domain, first_fields: []}", ".model.first_fields: is missing; variant 'cross-domain' needs the names of the fields of its first group, some of a, b.")]
    [InlineData("{variant: cross-domain, first_fields: [c]}", ".model.first_fields[0]: found 'c', which is no feature; expected one of a, b.")]
    [InlineData("{variant: cross-domain, first_fields: [a, who]}", ".model.first_fields[1]: found 'who', which is no feature; expected one of a, b.")]
    [InlineData("{variant: cross-domain, first_fields: [a, a]}", ".model.first_fields[1]: found 'a' a second time; remove it.")]
    [InlineData("{variant: cross-domain, first_fields: [a, b]}", ".model.first_fields: takes every feature (a, b); leave at least one to the second group.")]
    public void Check_FieldGroupsThatAreNone_SaysWhichFieldsThereAre(string model, string expected) =>
        Assert.Equal(
            [$"line 6: detectors[0]{expected}"],
            Configured.Errors(
                $$"""
                kafka: {bootstrap_servers: 'localhost:9092'}
                detectors:
                  - name: one
                    topics: [in]
                    fields: [{name: a, kind: numeric}, {name: b, kind: boolean}, {name: who, kind: key}]
                    model: {{model}}
                """));

    [Fact]
    public void Check_MembersThatFitNowhere_ReportsEachAtItsKey() =>
        Assert.Equal(
            [
                "line 9: detectors[0].model.members[0].variant: found 'ensemble'; an ensemble holds no ensemble and no variant that reads windows; "
                    + "expected one of " + MemberNames + ".",
                "line 10: detectors[0].model.members[1].variant: found 'conv'; an ensemble holds no ensemble and no variant that reads windows; expected one of " + MemberNames + ".",
                "line 11: detectors[0].model.members[2].variant: found 'denoisng'; expected one of " + MemberNames + ". Did you mean 'denoising'?",
                "line 12: detectors[0].model.members[3].noise_deviation: found '99'; expected a number from 0 to 10.",
                "line 13: detectors[0].model.members[4].hiden: is an unknown key; did you mean 'hidden'?",
                "line 14: detectors[0].model.members[5]: found 'masked'; expected a section with keys such as 'variant'.",
                "line 15: detectors[0].model.seeds: found '0'; expected a whole number from 1 to 16.",
            ],
            Configured.Errors(
                """
                kafka: {bootstrap_servers: 'localhost:9092'}
                detectors:
                  - name: one
                    topics: [in]
                    fields: [{name: a, kind: numeric}, {name: b, kind: boolean}]
                    model:
                      variant: ensemble
                      members:
                        - variant: ensemble
                        - variant: conv
                        - variant: denoisng
                        - {variant: denoising, noise_deviation: 99}
                        - {variant: masked, hiden: [8]}
                        - masked
                      seeds: 0
                """));

    [Fact]
    public void Check_WidthsAndGroupsOfAMember_AreCheckedAtTheirKeys() =>
        Assert.Equal(
            [
                "line 6: detectors[0].model.members[0].hidden[1]: found 0; expected a whole number from 1 to 65536.",
                "line 12: detectors[1].model.members[1].first_fields[0]: found 'c', which is no feature; expected one of a, b.",
            ],
            Configured.Errors(
                """
                kafka: {bootstrap_servers: 'localhost:9092'}
                detectors:
                  - name: one
                    topics: [in]
                    fields: [{name: a, kind: numeric}, {name: b, kind: boolean}]
                    model: {variant: ensemble, members: [{variant: ae, hidden: [8, 0]}]}
                  - name: two
                    topics: [in]
                    fields: [{name: a, kind: numeric}, {name: b, kind: boolean}]
                    model:
                      variant: ensemble
                      members: [{variant: ae}, {variant: cross-domain, first_fields: [c]}]
                """));

    [Fact]
    public void Load_Ensemble_KeepsEachMembersOptions()
    {
        var model = Assert.IsType<EnsembleOptions>(Configured.Load(
            Configured.Minimal + "    model: {variant: ensemble, members: [{variant: denoising, noise_deviation: 0.5}, {variant: masked, latent: 3}, {}], seeds: 2}\n").Detectors[0].Model);
        Assert.Equal(2, model.Seeds);
        Assert.Collection(
            model.Members,
            member => Assert.Equal(0.5, Assert.IsType<DenoisingAutoencoderOptions>(member).NoiseDeviation),
            member => Assert.Equal(3, Assert.IsType<MaskedAutoencoderOptions>(member).Latent),
            member => Assert.IsType(VariantCatalog.All[0].OptionsType, member));
    }

    [Fact]
    public void Check_MoreRecordsWantedThanKept_NamesBoth() =>
        Assert.Equal(
            ["line 9: detectors[0].training.min_records: found 5000, more than max_records (1000); the window could never hold enough. Lower it, or raise max_records."],
            Configured.Errors(Configured.Minimal + "    training: {max_records: 1000, min_records: 5000}\n"));

    [Fact]
    public void Check_TopicTwice_NamesThePosition() =>
        Assert.Equal(
            ["line 3: detectors[0].topics[1]: found 'x' a second time; remove it."],
            Configured.Errors("kafka: {bootstrap_servers: 'localhost:9092'}\ndetectors:\n  - {name: a, topics: [x, x], fields: [{name: f, kind: numeric}]}\n"));
}
