using System.Globalization;
using AEAnomaly.Detection.Configuration;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Configuration;

public sealed class HistoryProposerTests
{
    private const int Records = 2_000;
    private static readonly string[] Categories = ["fuel", "food", "travel", "cash"];

    [Fact]
    public void Propose_PaymentsOfCards_RemembersAmountsCategoriesAndPlaces()
    {
        var random = new Random(1);

        var proposal = Propose(
            Column("card_id", _ => $"{random.Next(200)}"),
            Time(),
            Column("merchant", _ => $"Shop {random.Next(400)}"),
            Column("category", _ => Categories[random.Next(4)]),
            Column("amount", _ => Number(random.NextDouble() * 90)),
            Column("lat", _ => Number(40 + random.NextDouble())),
            Column("long", _ => Number(random.NextDouble())),
            Column("fraud", i => i % 100 == 0 ? "1" : "0"))!;

        Assert.StartsWith("card_id has 200 values in 2,000 records, and unix_time tells when", proposal.Reason, StringComparison.Ordinal);
        Assert.Equal(
            [
                "count", "sum amount", "usual amount", "usual amount within category", "usual amount within category of all", "share category", "way lat long",
            ],
            proposal.History.Remember.Select(Text));
    }

    [Theory]
    [InlineData("no key repeats")]
    [InlineData("no time")]
    [InlineData("machines measured at even intervals")]
    [InlineData("many numbers")]
    public void Propose_RecordsThatHistorySaysLittleAbout_IsNone(string what)
    {
        var random = new Random(2);
        var key = what switch
        {
            "no key repeats" => Column("card_id", i => $"{(i * 7919) % 1_801}"),
            "machines measured at even intervals" => Column("card_id", i => $"{i % 20}"),
            _ => Column("card_id", _ => $"{random.Next(200)}"),
        };
        SampleColumn[] numbers = [.. Enumerable.Range(0, what == "many numbers" ? 4 : 1).Select(n => Column($"amount_{n}", _ => Number(random.NextDouble() * 90)))];

        Assert.Null(Propose(what == "no time" ? [key, .. numbers] : [key, Time(), .. numbers]));
    }

    [Fact]
    public void Propose_WithoutNumbersAndCategories_CountsRecords()
    {
        var random = new Random(3);

        var proposal = Propose(Column("user_id", _ => $"{random.Next(200)}"), Time())!;

        Assert.Equal(["count"], proposal.History.Remember.Select(Text));
    }

    private static HistoryProposal? Propose(params SampleColumn[] columns)
    {
        var fields = FieldProposer.Propose(columns);
        Assert.Contains(fields, field => field.Field.Kind == FieldKind.Key);
        return HistoryProposer.Propose(fields, columns);
    }

    private static SampleColumn Time() => Column("unix_time", i => $"{1_700_000_000 + (i * 40)}");

    private static SampleColumn Column(string name, Func<int, string> value) =>
        new(name, [.. Enumerable.Range(0, Records).Select(i => new SampleValue(SampleValueKind.Text, value(i)))]);

    private static string Number(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    private static string Text(HistoryItem item) =>
        item.Count ? "count"
        : item.Distance.Count == 2 ? $"way {item.Distance[0]} {item.Distance[1]}"
        : item.Sum is { } sum ? $"sum {sum}"
        : item.Share is { } share ? $"share {share}"
        : $"usual {item.Usual}{(item.Within is { } within ? $" within {within}" : "")}{(item.Of == HistoryScope.All ? " of all" : "")}";
}
