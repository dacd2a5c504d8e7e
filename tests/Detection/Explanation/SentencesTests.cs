using AEAnomaly.Detection.Explanation;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Explanation;

/// <summary>What an analyst reads: each observed value beside an expected one of the same form, and nothing that says nothing.</summary>
public sealed class SentencesTests
{
    // 2026-10-30 was a Friday.
    private static readonly double Friday0757 = new DateTimeOffset(2026, 10, 30, 7, 57, 31, TimeSpan.Zero).ToUnixTimeSeconds() + 0.543772;

    [Fact]
    public void Write_Number_SaysBothWithTheUnit() =>
        Assert.Equal("amount 4,950 EUR where about 42.1 EUR was expected (61 %)", Sentences.Write([Number("amount", 4950, 42.13, 0.61, "EUR")]));

    [Fact]
    public void Write_Timestamp_ReadsLikeTheExpectedOne() =>
        Assert.Equal("time 07:57 Friday where about 09:57 Saturday was expected (40 %)", Sentences.Write([Time(Friday0757, "09:57 Saturday", 0.4)]));

    [Fact]
    public void Write_MaskedTimestamp_ShowsNoTime() =>
        Assert.DoesNotContain("07:57", Sentences.Write([Time(Friday0757, "09:57 Saturday", 0.4, PassThrough.Masked)]), StringComparison.Ordinal);

    [Fact]
    public void Write_ValuesAsExpectedBehindOthers_AreLeftOut() =>
        Assert.Equal(
            "amount 4,950 where about 42 was expected (50 %)",
            Sentences.Write([Number("amount", 4950, 42, 0.5), Number("count", 42.13, 42.1, 0.3), Category("country", "NL", "NL", 0.6, 0.2)]));

    [Theory]
    [InlineData("country NL, itself usual, does not fit the rest (60 %); amount 4,950 where about 42 was expected (40 %)")]
    public void Write_ValueAsExpectedLeads_SaysWhatIsMeant(string expected) =>
        Assert.Equal(expected, Sentences.Write([Category("country", "NL", "NL", 0.4, 0.6), Number("amount", 4950, 42, 0.4)]));

    [Fact]
    public void Write_MomentAsExpectedLeads_SaysWhatIsMeant() =>
        Assert.Equal("time 07:57 Friday, itself usual, does not fit the rest (100 %)", Sentences.Write([Time(Friday0757, "07:57 Friday", 1)]));

    [Theory]
    [InlineData(0.93, "country NL where IT was expected (70 %)")]
    [InlineData(0.31, "country NL where IT was likelier (70 %)")]
    public void Write_OtherCategory_SaysHowSureTheNetworkWas(double probability, string expected) =>
        Assert.Equal(expected, Sentences.Write([Category("country", "NL", "IT", probability, 0.7)]));

    [Fact]
    public void Write_CategoryNeverSeen_SaysSo() =>
        Assert.Equal("country NL never seen before (70 %)", Sentences.Write([Category("country", "NL", "IT", 0.9, 0.7, unseen: true)]));

    [Fact]
    public void Write_Nothing_SaysThatNoFieldExplains() => Assert.Equal("no single field explains the score", Sentences.Write([]));

    private static FeatureContribution Number(string name, double observed, double expected, double share, string? unit = null) =>
        new(new FieldSpec { Name = name, Unit = unit }, observed, ValueText.WriteNumber(observed), new ExpectedValue(expected, "", double.NaN), share, false, false);

    private static FeatureContribution Category(string name, string observed, string expected, double probability, double share, bool unseen = false) =>
        new(new FieldSpec { Name = name, Kind = FieldKind.Categorical }, double.NaN, observed, new ExpectedValue(double.NaN, expected, probability), share, unseen, false);

    private static FeatureContribution Time(double seconds, string expected, double share, PassThrough passThrough = PassThrough.Plain) =>
        new(
            new FieldSpec { Name = "time", Kind = FieldKind.Timestamp, PassThrough = passThrough },
            seconds, ValueText.Write(FieldKind.Timestamp, seconds), new ExpectedValue(0, expected, double.NaN), share, false, false);
}
