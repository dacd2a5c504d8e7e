using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Features;

namespace AEAnomaly.Detection.Tests.Scoring;

/// <summary>Three gauges that all follow the load of a machine, which is low or high and rarely between.</summary>
internal static class Gauges
{
    public const int Cpu = 0;
    public const int Requests = 1;
    public const int Latency = 2;

    public static FeatureSpec Spec { get; } = new([new() { Name = "cpu" }, new() { Name = "requests" }, new() { Name = "latency" }]);

    public static RecordBatch Normal(int count, int seed)
    {
        var (batch, random) = (new RecordBatch(Spec, count), new Random(seed));
        for (var i = 0; i < count; i++)
        {
            var row = batch.Append(new RecordOrigin("gauges", 0, i, -1));
            var load = (random.Next(2) == 0 ? 20 : 80) + (5 * SampleRecords.Normal(random));
            batch.SetNumber(Cpu, row, load + (0.5 * SampleRecords.Normal(random)));
            batch.SetNumber(Requests, row, (2.5 * load) + SampleRecords.Normal(random));
            batch.SetNumber(Latency, row, 20 + (0.1 * load) + (0.1 * SampleRecords.Normal(random)));
        }

        return batch;
    }
}
