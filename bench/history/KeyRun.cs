using System.Text;
using AEAnomaly.Bench.Engine;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.History;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Bench.History;

/// <summary>Measures what the features of a number of keys cost, when all of them are known.</summary>
/// <param name="Keys">Keys that records come of, each as likely as any other.</param>
/// <param name="Nanoseconds">Processor time of the features of a record: median of the slices.</param>
/// <param name="Fastest">The quickest slice.</param>
/// <param name="Allocated">Bytes of managed memory that all slices took together.</param>
/// <param name="BytesOfKey">Bytes that a key holds.</param>
/// <param name="Bytes">Bytes that all of them hold, tables included.</param>
/// <param name="Evicted">Keys that left for want of room.</param>
internal sealed record KeyRun(int Keys, double Nanoseconds, double Fastest, long Allocated, int BytesOfKey, long Bytes, long Evicted)
{
    private const int BatchRecords = 2_048;
    private const int Batches = 64;
    private const int Categories = 12;

    public static KeyRun Measure(int keys, int slices)
    {
        var spec = Options().ToSpec();
        var history = new KeyHistory(spec);
        var random = new Random(7);
        var seconds = 1_700_000_000.0;
        var batch = new RecordBatch(spec, BatchRecords);

        // Every key once, then at random until what is hot is compiled.
        for (var next = 0; next < keys; next += BatchRecords)
        {
            batch.Clear();
            for (var i = next; i < Math.Min(keys, next + BatchRecords); i++)
                Add(batch, random, i, seconds += 0.01);
            history.Take(batch);
        }

        // Made before: reading records is not what is measured here.
        var batches = new RecordBatch[Batches];
        for (var i = 0; i < Batches; i++)
        {
            batches[i] = new RecordBatch(spec, BatchRecords);
            for (var row = 0; row < BatchRecords; row++)
                Add(batches[i], random, random.Next(keys), 0);
        }

        void Slice()
        {
            foreach (var one in batches)
            {
                for (var row = 0; row < BatchRecords; row++)
                    one.SetNumber(1, row, seconds += 0.01);
                history.Take(one);
            }
        }

        for (var i = 0; i < 8; i++)
            Slice();
        var times = new double[slices];
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < slices; i++)
        {
            var started = ThreadClock.Seconds;
            Slice();
            times[i] = (ThreadClock.Seconds - started) * 1e9 / (Batches * BatchRecords);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        Array.Sort(times);
        return new KeyRun(keys, times[slices / 2], times[0], allocated, history.BytesOfKey, history.Bytes, history.Evicted);
    }

    // The default section with one number, two categories and a place.
    private static DetectorOptions Options() => new()
    {
        Name = "payments",
        Topics = ["payments"],
        Fields =
        [
            new() { Name = "card", Kind = FieldKind.Key },
            new() { Name = "time", Kind = FieldKind.Timestamp },
            new() { Name = "amount", Kind = FieldKind.Numeric },
            new() { Name = "category", Kind = FieldKind.Categorical },
            new() { Name = "merchant", Kind = FieldKind.Categorical },
            new() { Name = "lat", Kind = FieldKind.Numeric },
            new() { Name = "long", Kind = FieldKind.Numeric },
        ],
        History = new HistoryOptions
        {
            Remember =
            [
                new() { Count = true },
                new() { Sum = "amount" },
                new() { Usual = "amount" },
                new() { Share = "category" },
                new() { FirstSeen = "merchant" },
                new() { Gap = true },
                new() { Distance = ["lat", "long"] },
            ],
        },
    };

    private static void Add(RecordBatch batch, Random random, int key, double seconds)
    {
        var row = batch.Append(new RecordOrigin("payments", 0, batch.Count, -1));
        batch.SetText(0, row, Encoding.UTF8.GetBytes($"card-{key:0000000}"));
        batch.SetNumber(1, row, seconds);
        batch.SetNumber(2, row, Math.Round(Math.Exp(2 + (random.NextDouble() * 4)), 2));
        batch.SetText(3, row, Encoding.UTF8.GetBytes($"category-{random.Next(Categories)}"));
        batch.SetText(4, row, Encoding.UTF8.GetBytes($"merchant-{random.Next(2_000)}"));
        batch.SetNumber(5, row, 40 + (random.NextDouble() * 10));
        batch.SetNumber(6, row, -80 + (random.NextDouble() * 20));
    }
}
