namespace AEAnomaly.Host.Tests.Configuration;

public sealed class ConfigurationRulesTests
{
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
