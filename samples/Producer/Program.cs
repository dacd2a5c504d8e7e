// Writes readings of electricity meters as JSON: Producer BOOTSTRAP TOPIC COUNT [faulty]
// Power is current times voltage. With "faulty", every twentieth reading has twice the power that fits.
using System.Text.Json;
using Confluent.Kafka;

if (args is not [var bootstrap, var topic, var number, .. var rest] || !int.TryParse(number, out var count) || rest is not ([] or ["faulty"]))
{
    Console.Error.WriteLine("usage: Producer BOOTSTRAP TOPIC COUNT [faulty]");
    return 2;
}

var failed = 0;
var random = new Random();
var config = new ProducerConfig { BootstrapServers = bootstrap, EnableIdempotence = true, LingerMs = 20 };
using var producer = new ProducerBuilder<string, byte[]>(config)
    .SetErrorHandler((_, error) => Console.Error.WriteLine(error.Reason))
    .Build();
for (var i = 1; i <= count; i++)
{
    var meter = $"meter-{random.Next(40):D2}";
    var current = Math.Round(8 + (4 * random.NextDouble()), 3);
    var voltage = Math.Round(228 + (4 * random.NextDouble()), 2);
    var fault = rest.Length > 0 && i % 20 == 0 ? 2 : 1;
    var value = JsonSerializer.SerializeToUtf8Bytes(new
    {
        meter,
        current,
        voltage,
        power = Math.Round(fault * current * voltage * (1 + (0.004 * (random.NextDouble() - 0.5))), 1),
        mode = random.Next(3) == 0 ? "eco" : "normal",
    });
    Send(new Message<string, byte[]> { Key = meter, Value = value });
}

// What is not acknowledged when the process ends is lost.
producer.Flush();
Console.WriteLine($"{count - failed} readings written to {topic}, {failed} failed.");
return failed == 0 ? 0 : 1;

void Send(Message<string, byte[]> message)
{
    while (true)
    {
        try
        {
            producer.Produce(topic, message, report => failed += report.Error.IsError ? 1 : 0);
            return;
        }
        catch (ProduceException<string, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            // The client holds as much as it may: let acknowledgements come in, then offer the message again.
            producer.Poll(TimeSpan.FromMilliseconds(100));
        }
    }
}
