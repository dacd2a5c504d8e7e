using AEAnomaly.TestKit;
using Confluent.Kafka;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>Lag and committed offsets reach the end of topics with transactions, whose last offsets are no records.</summary>
[Collection(BrokerFixture.Collection)]
public sealed class PositionTests(BrokerFixture fixture)
{
    [RealBrokerTheory]
    [InlineData("committed", 0)]
    [InlineData("committed", 500)]
    [InlineData("aborted", 0)]
    [InlineData("only aborted", 0)]
    [InlineData("several", 500)]
    public async Task RunAsync_TopicWithTransactions_LagIsNoneAndTheEndIsCommitted(string kind, int past)
    {
        using var scene = await RealScene.CreateAsync(fixture.Broker);
        (int From, int Count, bool IsCommitted)[] transactions = kind switch
        {
            "committed" => [(0, 10, true)],
            "aborted" => [(0, 10, true), (100, 300, false)],
            "only aborted" => [(100, 30, false)],
            _ => [(0, 10, true), (100, 5, false), (10, 10, true), (200, 5, false), (20, 1, true)],
        };
        var records = Transact(scene, transactions);
        // Each ends with a marker, which the broker writes after it has said that the transaction is over.
        var end = transactions.Sum(transaction => transaction.Count + 1);
        await IngestScene.Until(() => scene.End(scene.Input) == end, $"the log ends at {end}", () => $"{scene.End(scene.Input)}");

        var processor = new RecordingProcessor { PastRecords = past };
        using var deleted = new CounterReading(scene.Metrics, "aeanomaly.records.deleted_unread");
        await using (var running = scene.Start(processor))
        {
            await AtTheEnd(scene, running, end);
            await running.StopAsync();
        }

        Assert.Equal(Enumerable.Range(0, records), processor.Numbers);
        Assert.True(end > records);

        // And again from there: nothing comes twice, nothing is missing.
        Transact(scene, [(500, 3, true)]);
        processor = new RecordingProcessor { PastRecords = past };
        await using var again = scene.Start(processor);
        await AtTheEnd(scene, again, end + 4);
        Assert.Equal(Enumerable.Range(500, 3), processor.Numbers);
        Assert.Equal(past == 0 ? [] : Enumerable.Range(0, records), processor.Recalled.Select(record => record.Number));
        Assert.Equal((0L, null), (deleted.Total, again.Consumer.Status.LastError));
    }

    private static async Task AtTheEnd(RealScene scene, RunningConsumer running, long end)
    {
        // Its coordinator is known from then on.
        await IngestScene.Until(() => running.Consumer.Status.AssignedPartitions == 1, "it has joined the group");
        await IngestScene.Until(() => scene.Committed().Offset == end, $"{end} is committed", () => $"{scene.Committed()} {running.Consumer.Status}");
        await IngestScene.Until(() => running.Consumer.Status.Lag == 0, "the lag is 0", () => $"{running.Consumer.Status}");
    }

    /// <returns>The records that were committed.</returns>
    private static int Transact(RealScene scene, IEnumerable<(int From, int Count, bool IsCommitted)> transactions)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = scene.Broker.BootstrapServers,
            TransactionalId = scene.Input,
        }).Build();
        producer.InitTransactions(IngestScene.Bound);
        var committed = 0;
        foreach (var (from, count, isCommitted) in transactions)
        {
            producer.BeginTransaction();
            for (var number = from; number < from + count; number++)
                producer.Produce(scene.Input, new Message<Null, string> { Value = PaymentRecords.Text(number) });
            producer.Flush(IngestScene.Bound);
            if (isCommitted)
                producer.CommitTransaction(IngestScene.Bound);
            else
                producer.AbortTransaction(IngestScene.Bound);
            committed += isCommitted ? count : 0;
        }

        return committed;
    }
}
