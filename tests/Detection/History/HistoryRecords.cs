using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.History;

/// <summary>Payments of some cards, with everything that history can remember.</summary>
internal static class HistoryRecords
{
    public const int Card = 0, Time = 1, Amount = 2, Category = 3, Latitude = 4, Longitude = 5;

    public static readonly string[] Categories = [.. Enumerable.Range(0, 9).Select(i => $"category-{i}")];

    public static DetectorOptions Options(int memoryMib = 64) => new()
    {
        Name = "payments",
        Topics = ["payments"],
        Fields =
        [
            new() { Name = "card", Kind = FieldKind.Key },
            new() { Name = "time", Kind = FieldKind.Timestamp },
            new() { Name = "amount", Kind = FieldKind.Numeric, Unit = "EUR" },
            new() { Name = "category", Kind = FieldKind.Categorical },
            new() { Name = "lat", Kind = FieldKind.Numeric },
            new() { Name = "long", Kind = FieldKind.Numeric },
        ],
        History = new HistoryOptions
        {
            MemoryMib = memoryMib,
            Remember =
            [
                new() { Count = true },
                new() { Sum = "amount" },
                new() { Usual = "amount" },
                new() { Usual = "amount", Within = "category" },
                new() { Usual = "amount", Within = "category", Of = HistoryScope.All },
                new() { Share = "category" },
                new() { Share = "category", Of = HistoryScope.All },
                new() { FirstSeen = "category" },
                new() { Gap = true },
                new() { Distance = ["lat", "long"] },
            ],
        },
    };

    /// <summary>Makes records in order of time but for a share that comes late; some values are missing.</summary>
    public static RecordBatch Make(FeatureSpec spec, int count, int cards, int seed, double lateShare = 0)
    {
        var random = new Random(seed);
        var batch = new RecordBatch(spec, count);
        var seconds = 1_700_000_000.0;
        for (var i = 0; i < count; i++)
        {
            seconds += random.NextDouble() * 7_200 / cards * 24;
            var own = random.NextDouble() < lateShare ? seconds - (random.NextDouble() * 200_000) : seconds;
            Add(
                batch,
                $"card-{random.Next(cards)}",
                own,
                random.Next(20) == 0 ? double.NaN : Math.Round(Math.Exp(2 + (random.NextDouble() * 4)), 2),
                random.Next(25) == 0 ? null : Categories[Math.Min(random.Next(9), random.Next(9))],
                random.Next(15) == 0 ? double.NaN : 40 + (random.NextDouble() * 10),
                -80 + (random.NextDouble() * 20));
        }

        return batch;
    }

    public static void Add(RecordBatch batch, string card, double seconds, double amount, string? category, double latitude = double.NaN, double longitude = double.NaN)
    {
        var row = batch.Append(new RecordOrigin("payments", 0, batch.Count, -1));
        batch.SetText(Card, row, System.Text.Encoding.UTF8.GetBytes(card));
        batch.SetNumber(Time, row, seconds);
        batch.SetNumber(Amount, row, amount);
        if (category is not null)
            batch.SetText(Category, row, System.Text.Encoding.UTF8.GetBytes(category));
        batch.SetNumber(Latitude, row, latitude);
        batch.SetNumber(Longitude, row, longitude);
    }

    public static double Feature(RecordBatch batch, string name, int row) => batch.Numbers(IndexOf(batch.Spec, name))[row];

    public static int IndexOf(FeatureSpec spec, string name) => Enumerable.Range(0, spec.Fields.Count).First(i => spec.Fields[i].Name == name);

    /// <summary>Copies what was read of a record, without what history made of it.</summary>
    public static void Copy(RecordBatch source, int row, RecordBatch target)
    {
        var copy = target.AppendFrom(source, row);
        for (var field = 0; field < source.Spec.Fields.Count; field++)
        {
            if (source.Spec.Fields[field].History is not null)
                target.SetNumber(field, copy, double.NaN);
        }
    }

    /// <summary>Asserts that rows from <paramref name="first"/> on and all of another batch have the same features, bit by bit.</summary>
    public static void AssertSameFeatures(RecordBatch expected, int first, RecordBatch found)
    {
        for (var row = 0; row < found.Count; row++)
            AssertSameFeatures(expected, first + row, found, row);
    }

    public static void AssertSameFeatures(RecordBatch expected, int expectedRow, RecordBatch found, int row)
    {
        for (var field = 0; field < expected.Spec.Fields.Count; field++)
        {
            if (expected.Spec.Fields[field].History is null)
                continue;
            var (a, b) = (expected.Numbers(field)[expectedRow], found.Numbers(field)[row]);
            Assert.True(
                BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
                $"{expected.Spec.Fields[field].Name} of row {expectedRow}: {b:R} is not {a:R}");
        }
    }
}
