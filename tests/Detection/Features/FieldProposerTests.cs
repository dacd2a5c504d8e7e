using System.Globalization;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Features;

public sealed class FieldProposerTests
{
    private const int Records = 1000;

    [Fact]
    public void Propose_SimulatedCardPayments_FindsEntityTimeLabelAndFeatures()
    {
        string[] categories = ["gas_transport", "grocery_pos", "home", "kids_pets", "travel"];
        var random = new Random(1);

        AssertKinds(
            [
                (Column("unix_time", i => $"{1546301224 + (i * 87) + random.Next(80)}"), FieldKind.Timestamp),
                (Column("card_id", _ => $"{random.Next(1, 200)}"), FieldKind.Key),
                (Column("merchant", _ => $"Koss and Sons {random.Next(72)}"), FieldKind.Categorical),
                (Column("category", _ => categories[random.Next(categories.Length)]), FieldKind.Categorical),
                (Column("amount", _ => Decimal(random.NextDouble() * 200)), FieldKind.Numeric),
                (Column("merch_lat", _ => Decimal(38 + random.NextDouble())), FieldKind.Numeric),
                (Column("merch_long", _ => Decimal(-82 - random.NextDouble())), FieldKind.Numeric),
                (Column("fraud", i => i % 100 == 7 ? "1" : "0"), FieldKind.Label),
            ]);
    }

    [Fact]
    public void Propose_TerminalPayments_IgnoresTheRunningNumberAndKeepsTwoKeys()
    {
        var random = new Random(2);

        AssertKinds(
            [
                (Column("tx_id", i => $"{i}"), FieldKind.Ignore),
                (Column("unix_time", i => $"{1522540831 + (i * 35)}"), FieldKind.Timestamp),
                (Column("customer_id", _ => $"{random.Next(5000)}"), FieldKind.Key),
                (Column("terminal_id", _ => $"{random.Next(10000)}"), FieldKind.Key),
                (Column("amount", _ => Decimal(random.NextDouble() * 100)), FieldKind.Numeric),
                (Column("fraud", _ => "0"), FieldKind.Label),
            ]);
    }

    [Fact]
    public void Propose_NetworkConnections_TakesTheAttackForTheLabel()
    {
        var random = new Random(3);
        string[] protocols = ["tcp", "udp", "icmp"];
        string[] attacks = ["normal", "neptune", "satan", "ipsweep"];

        AssertKinds(
            [
                (Column("duration", _ => $"{random.Next(3) * random.Next(9000)}"), FieldKind.Numeric),
                (Column("protocol_type", _ => protocols[random.Next(3)]), FieldKind.Categorical),
                (Column("service", _ => $"srv{Math.Min(random.Next(64), random.Next(64))}"), FieldKind.Categorical),
                (Column("src_bytes", _ => $"{random.Next(400)}"), FieldKind.Numeric),
                (Column("land", _ => "0"), FieldKind.Numeric),
                (Column("logged_in", _ => $"{random.Next(2)}"), FieldKind.Numeric),
                (Column("is_host_login", _ => "0"), FieldKind.Boolean),
                (Column("is_guest_login", i => i % 90 == 0 ? "1" : "0"), FieldKind.Boolean),
                (Column("count", _ => $"{random.Next(511)}"), FieldKind.Numeric),
                (Column("serror_rate", _ => Decimal(random.NextDouble())), FieldKind.Numeric),
                (Column("attack", _ => attacks[random.Next(4)]), FieldKind.Label),
            ]);
    }

    [Fact]
    public void Propose_ServerTelemetry_IgnoresStepAndPart()
    {
        var random = new Random(4);

        AssertKinds(
            [
                (Column("step", i => $"{i}"), FieldKind.Ignore),
                (Column("part", _ => "train"), FieldKind.Ignore),
                (Column("m0", _ => Decimal(random.NextDouble())), FieldKind.Numeric),
                (Column("m7", _ => "0"), FieldKind.Numeric),
                (Column("label", _ => "0"), FieldKind.Label),
            ]);
    }

    [Fact]
    public void Propose_NamelessTable_KeepsZeroAndOneNumeric()
    {
        var random = new Random(5);

        AssertKinds(
            [
                (Column("f0", _ => Decimal(random.NextDouble())), FieldKind.Numeric),
                (Column("f1", _ => $"{random.Next(2)}"), FieldKind.Numeric),
                (Column("f2", _ => $"{random.Next(17)}"), FieldKind.Numeric),
                (Column("label", _ => $"{random.Next(2)}"), FieldKind.Label),
            ]);
    }

    [Theory]
    [InlineData("isFraud")]
    [InlineData("TX_FRAUD")]
    [InlineData("is_anomaly")]
    [InlineData("Class")]
    [InlineData("ground_truth")]
    [InlineData("fraud_label")]
    public void Propose_NameOfALabel_IsTheLabel(string name) =>
        Assert.Equal(FieldKind.Label, Propose(Column(name, i => i % 9 == 0 ? "1" : "0")).Field.Kind);

    [Theory]
    [InlineData("fraud_score")]
    [InlineData("ticket_class")]
    [InlineData("days_since_fraud")]
    public void Propose_NameThatOnlyHoldsALabelWord_IsNotTheLabel(string name) =>
        Assert.NotEqual(FieldKind.Label, Propose(Column(name, i => $"{i % 7}")).Field.Kind);

    [Fact]
    public void Propose_LabelNamedByUser_LeavesNoSecondAnswer()
    {
        var proposals = FieldProposer.Propose([Column("outcome", i => $"{i % 2}"), Column("fraud", i => $"{i % 2}"), Column("x", i => $"{i % 50}")], "outcome");

        Assert.Equal([FieldKind.Label, FieldKind.Ignore, FieldKind.Numeric], proposals.Select(proposal => proposal.Field.Kind));
        Assert.Equal("named as the label", proposals[0].Reason);
        Assert.Contains("beside 'outcome'", proposals[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_ColumnThatRestatesTheLabel_IsIgnored()
    {
        // Scenario 0 is normal, 1 to 3 are frauds; the chip is absent in every fraud, but in normal payments too.
        var proposals = FieldProposer.Propose(
        [
            Column("scenario", i => i % 50 < 3 ? $"{1 + (i % 3)}" : "0"),
            Column("chip", i => i % 50 < 10 ? "0" : "1"),
            Column("fraud", i => i % 50 < 3 ? "1" : "0"),
        ]);

        Assert.Equal([FieldKind.Ignore, FieldKind.Numeric, FieldKind.Label], proposals.Select(proposal => proposal.Field.Kind));
        Assert.Equal("each of its 4 values goes with one value of 'fraud': as a feature it would give the answer away", proposals[0].Reason);
    }

    [Fact]
    public void Propose_LabelThatIsNoColumn_NamesTheColumns()
    {
        var error = Assert.Throws<ArgumentException>(() => FieldProposer.Propose([Column("x", i => $"{i}")], "frauds"));

        Assert.Contains("No column is called 'frauds'", error.Message, StringComparison.Ordinal);
        Assert.Contains("found x", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_ColumnsOfDifferentLength_AreRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => FieldProposer.Propose([Column("x", i => $"{i}"), new SampleColumn("y", [])]));

        Assert.Contains("'y' has 0 values, 'x' has 1000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_Times_AreRecognised()
    {
        AssertKinds(
            [
                (Column("when", i => new DateTime(2026, 1, 1).AddMinutes(i * 3).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)), FieldKind.Timestamp),
                (Column("payload.at", i => $"{1767225600000 + ((i * 7919) % 100_000_000)}"), FieldKind.Timestamp),
                (Column("f7", i => $"{1767225600 + (i * i)}"), FieldKind.Timestamp),
                (Column("dob", i => $"19{50 + (i % 40)}-04-1{i % 9}"), FieldKind.Ignore),
                (Column("elapsed_time", i => $"{i % 300}"), FieldKind.Numeric),
            ]);
    }

    [Fact]
    public void Propose_Identifiers_AreKeysWhereTheyRepeat()
    {
        AssertKinds(
            [
                (Column("accountNumber", i => $"DE{i % 250:D8}"), FieldKind.Key),
                (Column("order_uuid", i => $"{i:x8}-aa"), FieldKind.Ignore),
                (Column("customer", i => $"c-{i % 40}"), FieldKind.Key),
                (Column("device", i => (i % 3) switch { 0 => "mobile", 1 => "desktop", _ => "tablet" }), FieldKind.Categorical),
                (Column("branch_id", i => $"{i % 8}"), FieldKind.Categorical),
                (Column("new_customer", i => $"{i % 2}"), FieldKind.Numeric),
                (Column("balance_of_account", i => Decimal(i * 0.37)), FieldKind.Numeric),
                (Column("loginsPerUser", i => $"{i % 90}"), FieldKind.Numeric),
            ]);
    }

    [Fact]
    public void Propose_EntityUniqueInASmallSample_IsStillAKey()
    {
        var column = new SampleColumn("card_id", [.. Enumerable.Range(0, 50).Select(i => new SampleValue(SampleValueKind.Number, $"{7 * i * i}"))]);

        Assert.Equal(FieldKind.Key, Propose(column).Field.Kind);
    }

    [Fact]
    public void Propose_CodesAndTexts_AreCategoricalWhereTheyRepeat()
    {
        AssertKinds(
            [
                (Column("mcc", i => $"{5000 + (i % 40)}"), FieldKind.Categorical),
                (Column("zip", i => $"{10000 + (i * 37)}"), FieldKind.Ignore),
                (Column("merchant", i => $"merchant {i * 7919 % 997}"), FieldKind.Ignore),
                (Column("memo", i => $"Paid for invoice {i % 999} with many kind regards to everyone in the office and thanks"), FieldKind.Ignore),
                (Column("reference", i => $"ref {i}"), FieldKind.Ignore),
                (Column("tags", _ => new SampleValue(SampleValueKind.Nested, "")), FieldKind.Ignore),
                (Column("nothing", _ => new SampleValue(SampleValueKind.Missing, "")), FieldKind.Ignore),
                (Column("chip", i => new SampleValue(SampleValueKind.Boolean, i % 2 == 0 ? "true" : "false")), FieldKind.Boolean),
            ]);
    }

    [Fact]
    public void Propose_NumbersWrittenAsText_AreNumbersUnlessTheirZerosCount()
    {
        AssertKinds(
            [
                (Column("price", i => new SampleValue(SampleValueKind.Text, Decimal(0.5 + (i * 0.01)))), FieldKind.Numeric),
                (Column("agency", i => new SampleValue(SampleValueKind.Text, $"{i % 30:D4}")), FieldKind.Categorical),
            ]);
    }

    [Fact]
    public void Propose_ManyRepeatingCategories_RaisesTheLimit()
    {
        var proposal = Propose(Column("service", i => $"s{i % 64}"));

        Assert.Equal((FieldKind.Categorical, 64), (proposal.Field.Kind, proposal.Field.MaxCategories));
    }

    [Fact]
    public void Propose_AnyColumn_GivesAReasonWithTheEvidence()
    {
        Assert.Equal("named like an entity; 200 distinct values in 1,000 records", Propose(Column("card_id", i => $"{i * 31 % 200}")).Reason);
        Assert.Equal("counts the records", Propose(Column("step", i => $"{i}")).Reason);
        Assert.Equal("unique in every record", Propose(Column("tx_id", i => $"t{i}")).Reason);
        Assert.Equal("Unix milliseconds, named like a time", Propose(Column("ts", i => $"{1767225600000 + (i * 977 % 10_000)}")).Reason);
    }

    private static void AssertKinds((SampleColumn Column, FieldKind Kind)[] expected)
    {
        var proposals = FieldProposer.Propose([.. expected.Select(pair => pair.Column)]);

        Assert.Equal(
            expected.Select(pair => $"{pair.Column.Path}: {pair.Kind}"),
            proposals.Select(proposal => $"{proposal.Field.Name}: {proposal.Field.Kind}"));
        Assert.All(proposals, proposal => Assert.NotEmpty(proposal.Reason));
    }

    private static FieldProposal Propose(SampleColumn column) => FieldProposer.Propose([column])[0];

    private static SampleColumn Column(string path, Func<int, string> value) => Column(
        path,
        i =>
        {
            var text = value(i);
            var isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
            return new SampleValue(isNumber ? SampleValueKind.Number : SampleValueKind.Text, text);
        });

    private static SampleColumn Column(string path, Func<int, SampleValue> value) => new(path, [.. Enumerable.Range(0, Records).Select(value)]);

    private static string Decimal(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
