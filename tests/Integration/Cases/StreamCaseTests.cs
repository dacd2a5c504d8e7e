using AEAnomaly.Host.Tests.CommandLine;
using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Integration.Tests.Cases;

/// <summary>Odd streams from the field, played to the program on a real broker; what stream.sh of the cases plays with pauses, with waits here, and with short trainings: what counts is what becomes of the stream.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class StreamCaseTests(BrokerFixture brokers, CaseTable table) : IClassFixture<CaseTable>
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [RequiresCasesTheory(needsRealBroker: true)]
    [InlineData(5)]
    [InlineData(1000)]
    public async Task LateDevice_TenAnomaliesAMinuteApart_AreOneEpisode(int linesASecond)
    {
        using var daemon = await CaseDaemon.CreateAsync(brokers.Broker);
        var trained = await daemon.ReplayAsync("payments-train.csv.gz");
        await daemon.StartAsync();
        await daemon.ReachesAsync("records_scored_total", trained);
        var before = await Actions(daemon);

        var rows = await daemon.ReplayAsync("late-device.ndjson", linesASecond);
        await daemon.ReachesAsync("records_scored_total", trained + rows);

        var after = await Actions(daemon);
        var found = string.Join(", ", after.Zip(before, (now, then) => $"{now.Count - then.Count} {now.Action}"));
        table.Check("late-device.ndjson", $"stream.sh lines, {linesASecond} a second", "1 open, 9 update, 0 close", found);
    }

    [RequiresCasesTheory(needsRealBroker: true)]
    [InlineData("variant: conv, window: 8", "payments-240.csv")]
    [InlineData("variant: recurrent, window: 4", "payments-240.csv")]
    [InlineData("variant: denoising", "payments-240.csv")]
    [InlineData("variant: conv, window: 8", "payments-train.csv.gz")]
    public async Task TopicMadeAnewWhileTheDaemonRuns_EveryRecord_IsScoredOrWarming(string model, string file)
    {
        using var daemon = await CaseDaemon.CreateAsync(brokers.Broker, model);
        var trained = await daemon.ReplayAsync("payments-train.csv.gz");
        await daemon.StartAsync();
        await daemon.ReachesAsync("records_consumed_total", trained);
        await daemon.StopAsync();
        await daemon.StartAsync();

        await daemon.MakeAnewAsync(brokers.Broker);
        var rows = await daemon.ReplayAsync(file);
        // Read is not yet scored.
        long judged = 0, dead = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                judged = await daemon.MetricAsync("records_scored_total") + await daemon.MetricAsync("records_warming_total");
                dead = await daemon.MetricAsync("dead_letters_total");
                return judged + dead >= rows;
            },
            TimeSpan.FromMinutes(2), $"{rows} records are scored, warming or refused", () => $"{judged} scored or warming, {dead} dead letters");

        var lag = await daemon.NoLagAsync();
        table.Check(file, $"stream.sh recreated, {model}", $"{rows} scored or warming, 0 dead letters, lag 0", $"{judged} scored or warming, {dead} dead letters, lag {lag}");
    }

    [RequiresCasesFact(needsRealBroker: true)]
    public async Task ChangeEvents_Deletes_ArePassedOver()
    {
        using var daemon = await CaseDaemon.CreateAsync(
            brokers.Broker,
            fields: "{ name: time, kind: timestamp, path: after.time }, { name: card, kind: key, path: after.card }, { name: amount, kind: numeric, path: after.amount }");
        var trained = await daemon.ReplayAsync("change-events-train.ndjson.gz");
        await daemon.StartAsync();
        await daemon.ReachesAsync("records_consumed_total", trained);
        var before = await daemon.MetricAsync("records_tombstones_total");

        var rows = await daemon.ReplayAsync("change-events-deletes.ndjson");
        await daemon.ReachesAsync("records_tombstones_total", before + rows);

        var passed = await daemon.MetricAsync("records_tombstones_total") - before;
        table.Check("change-events-deletes.ndjson", "stream.sh lines", $"{rows} passed over, 0 dead letters", $"{passed} passed over, {await daemon.MetricAsync("dead_letters_total")} dead letters");
    }

    [RequiresCasesTheory(needsRealBroker: true)]
    [InlineData(0)]
    [InlineData(700)]
    public async Task Transactions_AtRest_LagIsZeroAndTheEndIsCommitted(int aborted)
    {
        using var daemon = await CaseDaemon.CreateAsync(brokers.Broker);
        var lines = CaseDaemon.Lines("payments-train.ndjson.gz").ToArray();
        Transact(daemon.Topic, lines, aborted);
        await daemon.StartAsync();

        await daemon.ReachesAsync("records_scored_total", lines.Length);
        var lag = await daemon.NoLagAsync();
        // The end too may come later: the broker writes the marker of a transaction after it has said that it is over.
        var (committed, end) = (0L, 0L);
        await Eventually.TrueAsync(
            () =>
            {
                (committed, end) = daemon.Offsets();
                return committed == end && end > lines.Length;
            },
            Bound, "the end is committed", () => $"{committed} of {end}");

        table.Check("payments-train.ndjson.gz", $"stream.sh transactions, {aborted} aborted at the end", $"lag 0, committed {end} of {end}", $"lag {lag}, committed {committed} of {end}");
    }

    [RequiresCasesFact(needsRealBroker: true)]
    public async Task Assignor_AnotherInTheGroup_IsNamedOnce()
    {
        using var daemon = await CaseDaemon.CreateAsync(brokers.Broker);
        await daemon.ReplayAsync("payments-train.csv.gz");
        using var other = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig
        {
            BootstrapServers = brokers.Broker.BootstrapServers,
            GroupId = daemon.Group,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.Range,
        }).Build();
        other.Subscribe(daemon.Topic);
        await Eventually.TrueAsync(() => other.Consume(100) is not null || other.Assignment.Count > 0, Bound, "the other member has the partition");

        await daemon.StartAsync(isReady: false);
        var said = await daemon.SaysAsync("another member");
        // The group is asked again and again meanwhile.
        await daemon.LogsAsync("\"EventId\":2005");
        other.Close();

        table.Check("another assignor in the group", "stream.sh assignor RangeAssignor", "cannot be joined: another member assigns partitions another way | logged 1 times", $"{said}; logged {daemon.Logged("cannot be joined")} times");
    }

    [RequiresCasesFact]
    public async Task NoBroker_Sigterm_EndsWithZero()
    {
        using var daemon = CaseDaemon.WithoutBroker();
        await daemon.StartAsync(isReady: false);
        await daemon.LogsAsync("\"EventId\":3010");

        table.Check("SIGTERM without a broker", "stream.sh no-broker", "exit 0, 0 critical", await daemon.StopAsync());
    }

    [RequiresCasesFact(needsRealBroker: true)]
    public async Task VersionDatedInTheFuture_ScheduledTrainings_GoOn()
    {
        using var daemon = await CaseDaemon.CreateAsync(brokers.Broker, more: "    training: { every: 5s, min_records: 500 }");
        await daemon.ReplayAsync("payments-train.csv.gz");
        var data = CaseTable.Find("payments-train.csv.gz");
        string[] train = ["train", "--data", data, "--config", daemon.Config];
        Assert.Equal(0, (await CommandRun.At(new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero), train)).ExitCode);
        Assert.Equal(0, (await CommandRun.Of(train)).ExitCode);

        await daemon.StartAsync();
        await daemon.ReachesAsync("trainings_total", 1, "trigger=\"schedule\"");

        table.Check(
            "a version dated in the future", "train at 2031-01-01, train now, run with training.every: 5s", "holds versions dated later than this process's clock | 20310101T000000Z | scheduled trainings went on",
            $"{await daemon.ReasonAsync()}; scheduled trainings went on");
    }

    [RequiresCasesFact(needsRealBroker: true)]
    public async Task AlertTopicMissing_TenAnomalies_IsNamedAtTheStartAndAtTheStop()
    {
        using var daemon = await CaseDaemon.CreateAsync(brokers.Broker, withAlerts: false);
        var trained = await daemon.ReplayAsync("payments-train.csv.gz");
        await daemon.StartAsync(isReady: false);
        var said = await daemon.SaysAsync($"topic '{daemon.Topic}.alerts' cannot be written because it does not exist", TimeSpan.FromSeconds(20));
        await daemon.ReachesAsync("records_scored_total", 1);
        await daemon.ReplayAsync("late-device.ndjson");

        var ended = await daemon.StopAsync();

        table.Check("the alert topic was not created", $"run, late-device.ndjson after {trained} records, SIGTERM", "cannot be written because it does not exist; create it | exit 0, 0 critical | no answer 0", $"{said}; {ended}, no answer {daemon.Logged("does not answer")}");
    }

    private static async Task<List<(string Action, long Count)>> Actions(CaseDaemon daemon)
    {
        var found = new List<(string, long)>();
        foreach (var action in new[] { "open", "update", "close" })
            found.Add((action, await daemon.MetricAsync("alerts_total", $"action=\"{action}\"")));
        return found;
    }

    private void Transact(string topic, string[] lines, int aborted)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = brokers.Broker.BootstrapServers, TransactionalId = topic }).Build();
        producer.InitTransactions(Bound);
        foreach (var (records, isCommitted) in lines.Chunk(400).Select(chunk => (chunk, true)).Append((lines[..aborted], false)))
        {
            producer.BeginTransaction();
            foreach (var line in records)
                producer.Produce(topic, new Message<Null, string> { Value = line });
            producer.Flush(Bound);
            if (isCommitted)
                producer.CommitTransaction(Bound);
            else
                producer.AbortTransaction(Bound);
        }
    }
}
