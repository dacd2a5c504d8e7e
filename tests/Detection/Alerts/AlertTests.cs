using System.Text;
using System.Text.Json.Nodes;
using AEAnomaly.Detection.Alerts;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Detection.Tests.Lifecycle;
using AEAnomaly.Detection.Tests.Training;

namespace AEAnomaly.Detection.Tests.Alerts;

public sealed class AlertTests
{
    private static readonly AlertSchema Schema = AlertSchema.Read();

    [Fact]
    public async Task Process_Anomalies_FitTheDocumentedSchema()
    {
        var options = PaymentRecords.Options();
        options.Alerts.Tenant = "acme";
        options.Alerts.Runbook = "https://runbooks.example/payments";
        await using var harness = await DetectorHarness.WithModel(options).StartedAsync();
        var batch = PaymentRecords.Normal(200, seed: 41);
        PaymentRecords.AddAnomaly(batch, 200);
        PaymentRecords.AddAnomaly(batch, 201, at: PaymentRecords.Start + (200 * PaymentRecords.Spacing) + 60);
        PaymentRecords.Add(batch, 202, "", PaymentRecords.Start, double.NaN, "KP", 1);
        var last = batch.Append(new RecordOrigin("payments", 0, 203, -1));
        batch.SetNumber(PaymentRecords.Amount, last, 1e9);

        harness.Detector.Process(batch, harness.Sink);
        harness.Time.Advance(TimeSpan.FromDays(400));
        harness.Detector.Tick(harness.Sink);

        Assert.All(harness.Sink.Bodies, body => Assert.Empty(Schema.Validate(body)));
        Assert.Equal(["close", "open", "update"], harness.Sink.Bodies.Select(body => (string)body["action"]!).Distinct().Order(StringComparer.Ordinal));
        WriteForOtherValidators(harness.Sink);
    }

    [Fact]
    public void Validate_TheExampleOfThePage_Fits() => Assert.Empty(Schema.Validate(Schema.Example));

    [Theory]
    [InlineData("missing field")]
    [InlineData("unknown field")]
    [InlineData("wrong type")]
    [InlineData("ratio at most 1")]
    [InlineData("unknown severity")]
    [InlineData("local time")]
    [InlineData("share above 1")]
    [InlineData("short id")]
    public void Validate_DamagedAlert_IsRefused(string damage)
    {
        var alert = Schema.Example.DeepClone().AsObject();
        switch (damage)
        {
            case "missing field":
                alert["model"]!.AsObject().Remove("version");
                break;
            case "unknown field":
                alert["note"] = "x";
                break;
            case "wrong type":
                alert["late"] = "no";
                break;
            case "ratio at most 1":
                alert["ratio"] = 1;
                break;
            case "unknown severity":
                alert["severity"] = "fatal";
                break;
            case "local time":
                alert["scored_time"] = "2026-03-01T14:03:07+01:00";
                break;
            case "share above 1":
                alert["features"]![0]!["share"] = 1.01;
                break;
            case "short id":
                alert["id"] = "abc";
                break;
        }

        Assert.NotEmpty(Schema.Validate(alert));
    }

    [Fact]
    public async Task Process_Redelivered_SameIdAndBodyExceptScoredTime()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(PaymentRecords.Spec, 4);
        PaymentRecords.AddAnomaly(batch, 5, at: PaymentRecords.Start);
        PaymentRecords.AddAnomaly(batch, 6, at: PaymentRecords.Start + 60);

        harness.Detector.Process(batch, harness.Sink);
        harness.Time.Advance(TimeSpan.FromMinutes(3));
        harness.Detector.Process(batch, harness.Sink);

        var bodies = harness.Sink.Bodies;
        Assert.Equal(4, bodies.Count);
        Assert.NotEqual((string)bodies[0]["id"]!, (string)bodies[1]["id"]!);
        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual((string)bodies[i]["scored_time"]!, (string)bodies[i + 2]["scored_time"]!);
            bodies[i].Remove("scored_time");
            bodies[i + 2].Remove("scored_time");
            Assert.Equal(bodies[i].ToJsonString(), bodies[i + 2].ToJsonString());
            Assert.Equal(harness.Sink.Messages[i].Headers, harness.Sink.Messages[i + 2].Headers);
            Assert.Equal(harness.Sink.Messages[i].Key.ToArray(), harness.Sink.Messages[i + 2].Key.ToArray());
        }
    }

    [Fact]
    public async Task Process_AfterARestart_RepeatedAlertsAreTheSameAndTheEpisodeGoesOn()
    {
        await using var before = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(PaymentRecords.Spec, 4);
        PaymentRecords.AddAnomaly(batch, 5, at: PaymentRecords.Start);
        PaymentRecords.AddAnomaly(batch, 6, at: PaymentRecords.Start + 60);
        PaymentRecords.AddAnomaly(batch, 7, at: PaymentRecords.Start + 60, card: "4000-2222-4343");
        before.Detector.Process(batch, before.Sink);
        var published = before.Sink.Messages.ToList();
        await using var after = new DetectorHarness(folder: before.Folder);
        await after.StartedAsync();
        after.Time.Advance(TimeSpan.FromSeconds(30));
        foreach (var alert in published.Append(published[0]))
            after.Detector.RecallAlert(alert.Value, new HashSet<(string, int)> { ("payments", 0) });
        Assert.Equal(2, after.Detector.OpenEpisodes);

        // The first was committed; the others come again, and another after them.
        var again = new RecordBatch(PaymentRecords.Spec, 4);
        again.AppendFrom(batch, 1);
        again.AppendFrom(batch, 2);
        PaymentRecords.AddAnomaly(again, 8, at: PaymentRecords.Start + 120);
        after.Detector.Process(again, after.Sink);

        var bodies = after.Sink.Bodies;
        for (var i = 0; i < 2; i++)
            Assert.Equal(WithoutScoredTime(before.Sink.Bodies[i + 1]), WithoutScoredTime(bodies[i]));
        Assert.Equal(("update", 3, (string)before.Sink.Bodies[0]["episode"]!["id"]!), ((string)bodies[2]["action"]!, (int)bodies[2]["episode"]!["sequence"]!, (string)bodies[2]["episode"]!["id"]!));
        Assert.Equal((string?)before.Sink.Bodies[0]["episode"]!["started_at"], (string?)bodies[2]["episode"]!["started_at"]);

        after.Time.Advance(TimeSpan.FromMinutes(16));
        after.Detector.Tick(after.Sink);
        Assert.Equal([("close", 3), ("close", 1)], after.Sink.Bodies.Skip(3).Select(body => ((string)body["action"]!, (int)body["records"]!)).OrderByDescending(close => close.Item2));
    }

    [Fact]
    public async Task RecallAlert_EndedForeignOrOfAnotherPartition_OpensNothing()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(PaymentRecords.Spec, 4);
        PaymentRecords.AddAnomaly(batch, 5, at: PaymentRecords.Start);
        harness.Detector.Process(batch, harness.Sink);
        harness.Time.Advance(TimeSpan.FromMinutes(16));
        harness.Detector.Tick(harness.Sink);
        await using var other = await DetectorHarness.WithModel().StartedAsync();
        var mine = new HashSet<(string, int)> { ("payments", 0) };

        other.Detector.RecallAlert(harness.Sink.Messages[0].Value, new HashSet<(string, int)> { ("payments", 1) });
        Assert.Equal(0, other.Detector.OpenEpisodes);
        foreach (var alert in harness.Sink.Messages)
            other.Detector.RecallAlert(alert.Value, mine);
        Assert.Equal(0, other.Detector.OpenEpisodes);
        foreach (var foreign in new[] { "", "{}", "[1]", "{\"detector\":\"payments\",\"episode\":7}", "\u0000" })
            other.Detector.RecallAlert(System.Text.Encoding.UTF8.GetBytes(foreign), mine);

        // It ended after this one had been published: the record gets the place it had, and opens nothing.
        other.Detector.Process(batch, other.Sink);
        Assert.Equal(WithoutScoredTime(harness.Sink.Bodies[0]), WithoutScoredTime(other.Sink.Bodies[0]));
        Assert.Equal(0, other.Detector.OpenEpisodes);
    }

    [Fact]
    public async Task Forget_PartitionGivenAway_ItsEpisodesAreEndedByItsNewOwner()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(PaymentRecords.Spec, 4);
        PaymentRecords.AddAnomaly(batch, 5, at: PaymentRecords.Start, partition: 0);
        PaymentRecords.AddAnomaly(batch, 5, at: PaymentRecords.Start, card: "4000-2222-4343", partition: 1);
        harness.Detector.Process(batch, harness.Sink);

        harness.Detector.Forget(new HashSet<(string, int)> { ("payments", 1) }, ForgetReason.GivenAway);
        harness.Time.Advance(TimeSpan.FromMinutes(16));
        harness.Detector.Tick(harness.Sink);

        Assert.Equal((string)harness.Sink.Bodies[0]["episode"]!["id"]!, (string)Assert.Single(harness.Sink.Bodies, body => (string)body["action"]! == "close")["episode"]!["id"]!);
    }

    [Fact]
    public void IdOf_SameOffsetAndTimeOfATopicMadeAnew_IsAnother()
    {
        var writer = new AlertWriter(PaymentRecords.Spec, "payments", new AlertOptions(), TimeProvider.System);
        var origin = new RecordOrigin("payments", 3, 18_472, 1_772_452_800_000, "o6DhzTg7TXqEyb9zcYhRdg");

        Assert.Equal(writer.IdOf(origin, "v"), writer.IdOf(origin with { }, "v"));
        Assert.NotEqual(writer.IdOf(origin, "v"), writer.IdOf(origin with { TopicId = "YMhqP0GpTE-gkPyZyIc8PA" }, "v"));
    }

    private static string WithoutScoredTime(System.Text.Json.Nodes.JsonObject body)
    {
        body.Remove("scored_time");
        return body.ToJsonString();
    }

    [Theory]
    [InlineData(253_402_300_799_999, "9999-12-31T23:59:59.999Z")]
    [InlineData(253_402_300_800_000, null)]
    [InlineData(long.MaxValue, null)]
    [InlineData(-1, null)]
    public async Task Process_BrokersTimestamp_IsToldWhereACalendarHoldsIt(long timestampMs, string? expected)
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();
        var batch = new RecordBatch(PaymentRecords.Spec, 1);
        var row = batch.Append(new RecordOrigin("payments", 0, 1, timestampMs));
        batch.SetText(PaymentRecords.Card, row, "4000-1111-4242"u8);
        batch.SetNumber(PaymentRecords.Amount, row, 49_500);
        batch.SetText(PaymentRecords.Country, row, "NG"u8);

        harness.Detector.Process(batch, harness.Sink);

        Assert.Empty(harness.Sink.Refused);
        Assert.Equal(expected, (string?)Assert.Single(harness.Sink.Bodies)["ingest_time"]);
    }

    [Fact]
    public async Task Process_Anomaly_TellsRecordModelAndReason()
    {
        await using var harness = await DetectorHarness.WithModel().StartedAsync();

        var (message, body) = OneAlert(harness);

        var headers = message.Headers.ToDictionary(header => header.Key, header => header.Value);
        Assert.Equal("1.0", headers["ce_specversion"]);
        Assert.Equal((string)body["id"]!, headers["ce_id"]);
        Assert.Equal("/aeanomaly/detectors/payments", headers["ce_source"]);
        Assert.Equal("aeanomaly.anomaly.detected.v1", headers["ce_type"]);
        Assert.Equal("2026-03-02T12:00:00Z", headers["ce_time"]);
        Assert.Equal("application/json", headers["content-type"]);
        Assert.Equal(harness.Detector.Status.ModelVersion, (string)body["model"]!["version"]!);
        Assert.Equal(PaymentRecords.Spec.Hash, (string)body["model"]!["spec_hash"]!);
        Assert.Equal(77, (long)body["evidence"]!["offset"]!);
        Assert.Equal("2026-03-02T12:00:00.25Z", (string)body["ingest_time"]!);
        Assert.True((bool)body["quality"]!["cold_start"]!);
        Assert.True((double)body["ratio"]! > 1);
        Assert.Equal((double)body["score"]! / (double)body["threshold"]!, (double)body["ratio"]!, 1e-9);
        Assert.Contains("EUR where about", (string)body["sentence"]!, StringComparison.Ordinal);
        Assert.Equal(
            $"1|payments|{harness.Detector.Status.ModelVersion}|0|77|payments",
            Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars((string)body["response"]!["feedback_token"]!)));
    }

    [Fact]
    public async Task Process_MaskedEntity_NeverLeaves()
    {
        var options = PaymentRecords.Options();
        options.Alerts.Tenant = "acme";
        options.Alerts.PseudonymKey = "a secret";
        await using var harness = await DetectorHarness.WithModel(options).StartedAsync();

        var (message, body) = OneAlert(harness);

        var entity = body["entity"]!;
        Assert.Equal("**********4242", (string)entity["value"]!);
        Assert.True((bool)entity["masked"]!);
        var everything = Encoding.UTF8.GetString(message.Value.Span) + Encoding.UTF8.GetString(message.Key.Span) + string.Join(' ', message.Headers.Select(header => header.Value));
        Assert.DoesNotContain("4000-1111", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("DE8937040044053201", everything, StringComparison.Ordinal);
        Assert.Equal("******************3000", (string)body["evidence"]!["fields"]!["iban"]!);
        Assert.Equal("M-118", (string)body["evidence"]!["fields"]!["merchant"]!);
        Assert.Equal($"acme|{(string)entity["pseudonym"]!}", Encoding.UTF8.GetString(message.Key.Span));

        // Another key, another pseudonym: it is not a plain hash.
        options.Alerts.PseudonymKey = "another secret";
        await using var other = await DetectorHarness.WithModel(options).StartedAsync();
        Assert.NotEqual((string)entity["pseudonym"]!, (string)OneAlert(other).Body["entity"]!["pseudonym"]!);
    }

    [Fact]
    public async Task Process_PlainEntity_IsShownAndKeysTheMessage()
    {
        await using var harness = await DetectorHarness.WithModel(PaymentRecords.Options(PassThrough.Plain)).StartedAsync();

        var (message, body) = OneAlert(harness);

        Assert.Equal("4000-1111-4242", (string)body["entity"]!["value"]!);
        Assert.False((bool)body["entity"]!["masked"]!);
        Assert.Null(body["entity"]!["pseudonym"]);
        Assert.Equal("4000-1111-4242", Encoding.UTF8.GetString(message.Key.Span));
        Assert.Equal("payments|4000-1111-4242", (string)body["dedup_key"]!);
    }

    private static (AlertMessage Message, JsonObject Body) OneAlert(DetectorHarness harness)
    {
        var batch = new RecordBatch(harness.Detector.Spec, 1);
        PaymentRecords.AddAnomaly(batch, 77, at: PaymentRecords.Start);
        harness.Detector.Process(batch, harness.Sink);
        return (Assert.Single(harness.Sink.Messages), Assert.Single(harness.Sink.Bodies));
    }

    // Any other validator can be run over the same alerts: one JSON object a line.
    private static void WriteForOtherValidators(RecordingSink sink)
    {
        if (Environment.GetEnvironmentVariable("AEANOMALY_TEST_ALERTS_OUT") is { Length: > 0 } path)
            File.WriteAllLines(path, sink.Bodies.Select(body => body.ToJsonString()));
    }
}
