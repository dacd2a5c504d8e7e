using System.Text;
using AEAnomaly.Detection.Streaming;
using AEAnomaly.Ingest.Kafka;
using AEAnomaly.TestKit;

namespace AEAnomaly.Ingest.Tests.Kafka;

/// <summary>A detector whose records are written on under their card first, from three partitions to three.</summary>
internal sealed class RepartitionScene : IDisposable
{
    private const int Partitions = 3;

    private RepartitionScene(RealScene scene, string copies)
    {
        (Scene, Copies) = (scene, copies);
        (ToCopies, OfCopies) = scene.Route.Repartition(copies, key: 0);
    }

    public RealScene Scene { get; }

    public string Copies { get; }

    public DetectorRoute ToCopies { get; }

    public DetectorRoute OfCopies { get; }

    public static async Task<RepartitionScene> CreateAsync(TestBroker broker, bool isExactlyOnce = false, IReadOnlyDictionary<string, string>? settings = null)
    {
        var scene = await RealScene.CreateAsync(broker, partitions: Partitions, isExactlyOnce: isExactlyOnce, withScores: true);
        return new RepartitionScene(scene, await broker.CreateUniqueTopicAsync("copies", Partitions, settings));
    }

    /// <summary>Writes numbered records of seven cards, spread over the partitions as they come; one in three under a key, which is not the card.</summary>
    public void Write(int from, int count)
    {
        using var writer = new TopicWriter(Scene.Broker, Scene.Input);
        for (var number = from; number < from + count; number++)
            writer.Write(number % 3 == 0 ? KeyOf(number) : null, Encoding.UTF8.GetBytes(PaymentRecords.Text(number)), number % Partitions, TimeOf(number), [KeyValuePair.Create("trace", KeyOf(number))]);
    }

    public static byte[] KeyOf(int number) => Encoding.UTF8.GetBytes($"key-{number}");

    public static DateTimeOffset TimeOf(int number) => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000 + number);

    /// <summary>Starts what writes the records on.</summary>
    /// <param name="group">Group that it reads as; another one begins anew, and copies all again.</param>
    /// <param name="properties">Properties of the clients.</param>
    public RunningConsumer StartCopying(string? group = null, params (string Name, string Value)[] properties) =>
        Start(ToCopies with { GroupId = group ?? ToCopies.GroupId }, new Repartitioner(PaymentRecords.Spec), properties);

    public RunningConsumer StartJudging(RecordingProcessor processor) => Start(OfCopies, processor);

    public Task CopiedAsync(int count) => IngestScene.Until(() => TopicReader.ReadToEnd(Scene.Broker, Copies).Count >= count, $"{count} copies", () => string.Join('\n', Scene.Logger.Lines));

    public Task JudgedAsync(RecordingProcessor processor, int count) => IngestScene.Until(() => processor.Count >= count, $"{count} are judged", () => $"{processor.Count}\n{string.Join('\n', Scene.Logger.Lines)}");

    public void Dispose() => Scene.Dispose();

    private RunningConsumer Start(DetectorRoute route, IRecordProcessor processor, params (string Name, string Value)[] properties) =>
        new(new DetectorConsumer(Scene.Options([("session.timeout.ms", "6000"), ("heartbeat.interval.ms", "500"), .. properties]), route, new PaymentRecords(), processor, Scene.Metrics, TimeProvider.System, Scene.Logger));
}
