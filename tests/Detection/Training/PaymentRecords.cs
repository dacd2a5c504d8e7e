using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Tests.Features;
using AEAnomaly.Models.Fitting;

namespace AEAnomaly.Detection.Tests.Training;

/// <summary>Payments of cards with a simple habit: moderate amounts, three countries, day time.</summary>
internal static class PaymentRecords
{
    public const int Card = 0;
    public const int At = 1;
    public const int Amount = 2;
    public const int Country = 3;
    public const int Online = 4;
    public const int Merchant = 5;
    public const int Iban = 6;

    /// <summary>2026-03-02T12:00:00Z, a Monday.</summary>
    public const double Start = 1_772_452_800;

    /// <summary>Seconds between two normal records: 3,000 of them cover three weeks, so that every hour and weekday is normal.</summary>
    public const double Spacing = 599;

    public static List<FieldSpec> Fields(PassThrough card = PassThrough.None) =>
    [
        new() { Name = "card", Kind = FieldKind.Key, PassThrough = card },
        new() { Name = "at", Kind = FieldKind.Timestamp },
        new() { Name = "amount", Unit = "EUR" },
        new() { Name = "country", Kind = FieldKind.Categorical },
        new() { Name = "online", Kind = FieldKind.Boolean },
        new() { Name = "merchant", Kind = FieldKind.Ignore, PassThrough = PassThrough.Plain },
        new() { Name = "iban", Kind = FieldKind.Ignore, PassThrough = PassThrough.Masked },
    ];

    public static FeatureSpec Spec { get; } = new(Fields());

    public static DetectorOptions Options(PassThrough card = PassThrough.None) => new()
    {
        Name = "payments",
        Topics = ["payments"],
        Fields = Fields(card),
        Fit = new TrainingOptions { MaxSteps = 300, BatchSize = 128 },
        Training = new RetrainingOptions { MinRecords = 1_000, MaxRecords = 20_000 },
    };

    /// <summary>Normal records.</summary>
    public static RecordBatch Normal(int count, int seed = 7, long firstOffset = 0, FeatureSpec? spec = null)
    {
        var batch = new RecordBatch(spec ?? Spec, Math.Max(count, 1));
        AddNormal(batch, count, seed, firstOffset);
        return batch;
    }

    public static void AddNormal(RecordBatch batch, int count, int seed, long firstOffset)
    {
        var random = new Random(seed);
        for (var i = 0; i < count; i++)
        {
            var offset = firstOffset + i;
            var amount = Math.Round(Math.Exp(3.7 + (0.4 * SampleRecords.Normal(random))), 2);
            var country = random.NextDouble() switch { < 0.7 => "DE", < 0.9 => "FR", _ => "AT" };
            Add(batch, offset, $"4000-0000-{random.Next(10_000).ToString("0000", CultureInfo.InvariantCulture)}", Start + (offset * Spacing), amount, country, random.Next(2));
        }
    }

    /// <summary>A payment far from anything normal.</summary>
    public static int AddAnomaly(RecordBatch batch, long offset, string card = "4000-1111-4242", double? at = null, double amount = 49_500, string country = "NG", int partition = 0) =>
        Add(batch, offset, card, at ?? Start + (offset * Spacing), amount, country, 1, partition);

    public static int Add(RecordBatch batch, long offset, string card, double at, double amount, string country, int online, int partition = 0)
    {
        var row = batch.Append(new RecordOrigin("payments", partition, offset, (long)(at * 1000) + 250));
        batch.SetText(Card, row, Encoding.UTF8.GetBytes(card));
        batch.SetNumber(At, row, at);
        if (!double.IsNaN(amount))
            batch.SetNumber(Amount, row, amount);
        batch.SetText(Country, row, Encoding.UTF8.GetBytes(country));
        batch.SetNumber(Online, row, online);
        batch.SetText(Merchant, row, "M-118"u8);
        batch.SetText(Iban, row, "DE89370400440532013000"u8);
        return row;
    }
}
