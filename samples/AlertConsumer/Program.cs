// Prints alerts, each once: AlertConsumer BOOTSTRAP TOPIC [GROUP]
using System.Text.Json;
using Confluent.Kafka;

if (args is not [var bootstrap, var topic, .. var rest] || rest.Length > 1)
{
    Console.Error.WriteLine("usage: AlertConsumer BOOTSTRAP TOPIC [GROUP]");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

// Delivery is at least once: the same alert may come again, with the same id, soon after the first time. A service keeps the ids beside what it does with
// the alerts, in one transaction, so that they survive its own restart.
const int Remembered = 10_000;
var seen = new HashSet<string>();
var order = new Queue<string>();

using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
{
    BootstrapServers = bootstrap,
    GroupId = rest is [var group] ? group : "alert-consumer",
    AutoOffsetReset = AutoOffsetReset.Earliest,
    EnableAutoCommit = false,
}).Build();
consumer.Subscribe(topic);
try
{
    while (true)
    {
        if (Next() is not { } message)
            continue;
        Handle(JsonSerializer.Deserialize<JsonElement>(message.Message.Value));
        // Only now: whoever commits first and handles later loses what was in between when it is stopped.
        consumer.Commit(message);
    }
}
catch (OperationCanceledException)
{
    consumer.Close();
    return 0;
}

ConsumeResult<Ignore, byte[]>? Next()
{
    try
    {
        return consumer.Consume(stop.Token);
    }
    catch (ConsumeException exception) when (!exception.Error.IsFatal)
    {
        // Among others the topic may not exist before the daemon's first alert; the client tries again by itself.
        Console.Error.WriteLine(exception.Error.Reason);
        return null;
    }
}

void Handle(JsonElement alert)
{
    var id = alert.GetProperty("id").GetString()!;
    if (!seen.Add(id))
        return;
    order.Enqueue(id);
    if (order.Count > Remembered)
        seen.Remove(order.Dequeue());

    // An episode begins with "open", goes on with "update", and ends with "close", which is about no record of its own.
    if (alert.GetProperty("action").GetString() == "close")
        Console.WriteLine($"closed    {alert.GetProperty("dedup_key")} after {alert.GetProperty("records")} records");
    else
        Console.WriteLine($"{alert.GetProperty("severity"),-9} {Entity(alert)}: {alert.GetProperty("sentence")}");
}

static string Entity(JsonElement alert) =>
    alert.GetProperty("entity") is { ValueKind: JsonValueKind.Object } entity ? entity.GetProperty("value").GetString()! : alert.GetProperty("detector").GetString()!;
