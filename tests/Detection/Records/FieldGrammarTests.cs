using System.Globalization;
using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Values;
using AEAnomaly.TestKit;

namespace AEAnomaly.Detection.Tests.Records;

public sealed class FieldGrammarTests
{
    [Theory]
    [InlineData(".", null, "1,234.50", 1234.5)]
    [InlineData(".", null, "12,34,567.5", 1234567.5)]
    [InlineData(".", null, "1 234", 1234)]
    [InlineData(".", null, "1'234.5", 1234.5)]
    [InlineData(".", null, "(12.50)", -12.5)]
    [InlineData(".", null, "12.50-", -12.5)]
    [InlineData(".", null, "\u22125", -5)]
    [InlineData(".", null, "1.5e3", 1500)]
    [InlineData(".", "$", "$1,186.00", 1186)]
    [InlineData(".", "$", "-$12.5", -12.5)]
    [InlineData(".", "$", "($12.5)", -12.5)]
    [InlineData(".", "%", "12.5 %", 12.5)]
    [InlineData(".", "ms", "12ms", 12)]
    [InlineData(".", "ms", "12", 12)]
    [InlineData(",", null, "11,86", 11.86)]
    [InlineData(",", null, "1.234", 1234)]
    [InlineData(",", null, "1.234.567,8", 1234567.8)]
    [InlineData(",", null, "1\u00A0234,5", 1234.5)]
    [InlineData(",", null, "1\u202F234,5", 1234.5)]
    [InlineData(",", "EUR", "1.234,50 EUR", 1234.5)]
    [InlineData(",", "\u20AC", "\u20AC 0,99", 0.99)]
    [InlineData(",", null, ",5", 0.5)]
    public void TryRead_NumberAsPeopleWriteIt_GivesItsValue(string mark, string? unit, string text, double expected)
    {
        var grammar = new FieldGrammar(new FieldSpec { Name = "x", Kind = FieldKind.Numeric, Decimal = mark, Unit = unit });

        Assert.Equal(ValueStatus.Fine, grammar.TryRead(Encoding.UTF8.GetBytes(text), out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData(".", null, "1,23")]
    [InlineData(".", null, "1,2345")]
    [InlineData(".", null, "1,234 567")]
    [InlineData(".", null, ",234")]
    [InlineData(".", null, "11,86")]
    [InlineData(".", null, "$5")]
    [InlineData(".", "$", "\u20AC5")]
    [InlineData(".", "ms", "3 s")]
    [InlineData(".", null, "--5")]
    [InlineData(".", null, "()")]
    [InlineData(",", null, "11.86")]
    [InlineData(",", null, "1,2,3")]
    [InlineData(",", null, "A-12")]
    public void TryRead_WhatIsNoNumberOfThatForm_IsRefused(string mark, string? unit, string text) =>
        Assert.Equal(
            ValueStatus.WrongType,
            new FieldGrammar(new FieldSpec { Name = "x", Kind = FieldKind.Numeric, Decimal = mark, Unit = unit }).TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void TryReadNumber_JsonNumber_IsTakenAsItIs()
    {
        var grammar = new FieldGrammar(new FieldSpec { Name = "x", Kind = FieldKind.Numeric, Decimal = "," });

        Assert.Equal(ValueStatus.Fine, grammar.TryReadNumber("1.234"u8, out var value));
        Assert.Equal(1.234, value);
    }

    [Theory]
    [InlineData("2026-03-01 00:00:19 UTC", "2026-03-01T00:00:19Z")]
    [InlineData("2026-03-01 00:00:19 GMT+2", "2026-02-28T22:00:19Z")]
    [InlineData("2026-03-01 00:00:19 +0100", "2026-02-28T23:00:19Z")]
    [InlineData("2026-03-01 00:00:19.5 +01:00", "2026-02-28T23:00:19.5Z")]
    [InlineData("2026-03-01T10:00:00+01:00[Europe/Berlin]", "2026-03-01T09:00:00Z")]
    [InlineData("2026-03-01 9:05:00", "2026-03-01T09:05:00Z")]
    [InlineData("2026-3-1 9:05", "2026-03-01T09:05:00Z")]
    [InlineData("2026-03-01 01:00:19 PM", "2026-03-01T13:00:19Z")]
    [InlineData("2026-03-01 12:00:19 a.m.", "2026-03-01T00:00:19Z")]
    [InlineData("2026-03-01 24:00", "2026-03-02T00:00:00Z")]
    [InlineData("20260301T000019Z", "2026-03-01T00:00:19Z")]
    [InlineData("20260301T0905", "2026-03-01T09:05:00Z")]
    [InlineData("20260301 090500.25", "2026-03-01T09:05:00.25Z")]
    [InlineData("2026/03/01 09:05:00", "2026-03-01T09:05:00Z")]
    [InlineData("2026.03.01 09:05", "2026-03-01T09:05:00Z")]
    [InlineData("2026-03-01-09.05.00.123456", "2026-03-01T09:05:00.123456Z")]
    [InlineData("01/Mar/2026:09:05:00 +0000", "2026-03-01T09:05:00Z")]
    [InlineData("1 March 2026", "2026-03-01T00:00:00Z")]
    [InlineData("01-MAR-26 09.05.00.000000 PM", "2026-03-01T21:05:00Z")]
    [InlineData("Sun, 01 Mar 2026 09:05:00 GMT", "2026-03-01T09:05:00Z")]
    [InlineData("Sunday, March 1, 2026 9:05 AM", "2026-03-01T09:05:00Z")]
    [InlineData("Mar  1 2026 12:00AM", "2026-03-01T00:00:00Z")]
    [InlineData("Sun Mar  1 09:05:00 2026", "2026-03-01T09:05:00Z")]
    [InlineData("Sun Mar  1 09:05:00 UTC 2026", "2026-03-01T09:05:00Z")]
    [InlineData("  2026-03-01 ", "2026-03-01T00:00:00Z")]
    public void TryRead_TimeWithOneMeaning_NeedsNoRule(string text, string expected)
    {
        Assert.Equal(ValueStatus.Fine, Time().TryRead(Encoding.UTF8.GetBytes(text), out var seconds));
        Assert.Equal(Seconds(expected), seconds, 6);
    }

    [Theory]
    [InlineData("01/03/2026 00:00:19")]
    [InlineData("1.3.2026")]
    [InlineData("2026-13-01 00:00:19 UTC")]
    [InlineData("2026-02-30 9:05")]
    [InlineData("2026-03-01 25:00 UTC")]
    [InlineData("2026-03-01 13:00 PM")]
    [InlineData("2026-03-01 00:00:19 CET")]
    [InlineData("2026-03-01 00:00:19 +01:00 x")]
    [InlineData("2026.3.1")]
    [InlineData("10:15:30")]
    [InlineData("Mar 1 09:05:00")]
    [InlineData("Marble 1, 2026")]
    public void TryRead_TimeWithoutOneMeaning_IsRefused(string text) =>
        Assert.Equal(ValueStatus.WrongType, Time().TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData("d/M/yyyy H:mm:ss", null, "01/03/2026 00:00:19", "2026-03-01T00:00:19Z")]
    [InlineData("M/d/yyyy h:mm tt", null, "3/1/2026 1:05 PM", "2026-03-01T13:05:00Z")]
    [InlineData("dd.MM.yy", null, "01.03.26", "2026-03-01T00:00:00Z")]
    [InlineData("yyyyMMdd", null, "20260301", "2026-03-01T00:00:00Z")]
    [InlineData("yyyyMMddHHmmss", "Europe/Berlin", "20260301000019", "2026-02-28T23:00:19Z")]
    [InlineData("d/M/yyyy H:mm:ss zzz", null, "01/03/2026 00:00:19 +01:00", "2026-02-28T23:00:19Z")]
    [InlineData("d.M.yyyy H:mm:ss.FFF", null, "1.3.2026 9:05:00.25", "2026-03-01T09:05:00.25Z")]
    [InlineData("d.M.yyyy H:mm:ss.FFF", null, "1.3.2026 9:05:00", "2026-03-01T09:05:00Z")]
    [InlineData(null, "Europe/Berlin", "2026-07-01 12:00", "2026-07-01T10:00:00Z")]
    [InlineData(null, "Europe/Berlin", "2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z")]
    [InlineData(null, "+05:30", "2026-07-01 12:00", "2026-07-01T06:30:00Z")]
    [InlineData(null, "-0330", "2026-07-01 12:00", "2026-07-01T15:30:00Z")]
    public void TryRead_TimeByRule_GivesTheMoment(string? format, string? zone, string text, string expected)
    {
        Assert.Equal(ValueStatus.Fine, Time(format, zone).TryRead(Encoding.UTF8.GetBytes(text), out var seconds));
        Assert.Equal(Seconds(expected), seconds, 6);
    }

    [Theory]
    [InlineData("d/M/yyyy H:mm:ss", "2026-03-01T00:00:19Z")]
    [InlineData("yyyyMMdd", "2026030")]
    [InlineData("yyyyMMdd", "1772323219")]
    public void TryRead_TimeOfAnotherForm_IsRefused(string format, string text) =>
        Assert.Equal(ValueStatus.WrongType, Time(format).TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData(FieldKind.Numeric, "NA")]
    [InlineData(FieldKind.Numeric, " - ")]
    [InlineData(FieldKind.Numeric, "-999")]
    [InlineData(FieldKind.Numeric, "-999.0")]
    [InlineData(FieldKind.Numeric, "")]
    [InlineData(FieldKind.Numeric, "  ")]
    [InlineData(FieldKind.Boolean, "NA")]
    [InlineData(FieldKind.Boolean, "")]
    [InlineData(FieldKind.Timestamp, "NA")]
    [InlineData(FieldKind.Timestamp, "")]
    public void TryRead_WhatMeansNoValue_IsMissing(FieldKind kind, string text) =>
        Assert.Equal(ValueStatus.Missing, Missing(kind).TryRead(Encoding.UTF8.GetBytes(text), out _));

    [Theory]
    [InlineData(FieldKind.Categorical, "NA", null)]
    [InlineData(FieldKind.Key, "NA", null)]
    [InlineData(FieldKind.Key, " ", null)]
    [InlineData(FieldKind.Categorical, "na", "na")]
    [InlineData(FieldKind.Categorical, " books\t", "books")]
    [InlineData(FieldKind.Categorical, "\u00A0books", "books")]
    [InlineData(FieldKind.Categorical, "5411.0", "5411")]
    [InlineData(FieldKind.Key, "42.00", "42")]
    [InlineData(FieldKind.Key, "-0.0", "0")]
    [InlineData(FieldKind.Key, "12345678901234567890.0", "12345678901234567890")]
    [InlineData(FieldKind.Categorical, "1.50", "1.50")]
    [InlineData(FieldKind.Categorical, "10.0.0.0", "10.0.0.0")]
    [InlineData(FieldKind.Categorical, "007.0", "007.0")]
    [InlineData(FieldKind.Categorical, "v1.0", "v1.0")]
    [InlineData(FieldKind.Ignore, " 5411.0", " 5411.0")]
    public void TryReadText_NamesInSeveralForms_AreOne(FieldKind kind, string text, string? expected)
    {
        Assert.Equal(expected is not null, Missing(kind).TryReadText(Encoding.UTF8.GetBytes(text), out var stored));
        if (expected is not null)
            Assert.Equal(expected, Encoding.UTF8.GetString(stored));
    }

    [Theory]
    [InlineData("5411", "5411")]
    [InlineData("5411.0", "5411")]
    [InlineData("5.411e3", "5411")]
    [InlineData("5411E0", "5411")]
    [InlineData("1e-3", "1e-3")]
    [InlineData("9007199254740993", "9007199254740993")]
    public void TryReadNumberAsText_WholeNumber_HasOneForm(string token, string expected)
    {
        Assert.True(Missing(FieldKind.Categorical).TryReadNumberAsText(Encoding.UTF8.GetBytes(token), out var stored));
        Assert.Equal(expected, Encoding.UTF8.GetString(stored));
    }

    [Fact]
    public void Create_RuleOfAnotherKind_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => new FieldGrammar(new FieldSpec { Name = "x", Kind = FieldKind.Numeric, Format = "d/M/yyyy" }));

        Assert.Contains("format: found 'd/M/yyyy' in a field of kind numeric; only timestamp fields have a format. Leave it out.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dd/MM")]
    [InlineData("yyyy-MM-dd hh:mm")]
    [InlineData("yyyy-mm-dd")]
    [InlineData("day first")]
    [InlineData("")]
    public void Problems_FormatThatIsNone_SaysWhatIsExpected(string format) =>
        Assert.StartsWith($"found '{format}'; expected a pattern", Assert.Single(new FieldSpec { Kind = FieldKind.Timestamp, Format = format }.Problems()).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("Europe/Berln")]
    [InlineData("CET")]
    [InlineData("+25:00")]
    [InlineData("berlin")]
    public void Problems_UnknownZone_IsNamed(string zone) =>
        Assert.StartsWith($"found '{zone}'; expected the name of a time zone", Assert.Single(new FieldSpec { Kind = FieldKind.Timestamp, TimeZone = zone }.Problems()).Text, StringComparison.Ordinal);

    [Fact]
    public void TryRead_ByAnyRule_AllocatesNothing()
    {
        var amount = new FieldGrammar(new FieldSpec { Name = "x", Kind = FieldKind.Numeric, Decimal = ",", Unit = "EUR", Missing = ["NA", "-1"] });
        var day = Time("d/M/yyyy H:mm:ss", "Europe/Berlin");
        var zoned = Time(null, "Europe/Berlin");
        var category = Missing(FieldKind.Categorical);

        var allocated = Allocations.InSteadyState(() =>
        {
            Assert.True(amount.TryRead("1.234,50 EUR"u8, out _) == ValueStatus.Fine && amount.TryRead("NA"u8, out _) == ValueStatus.Missing);
            Assert.True(day.TryRead("01/03/2026 00:00:19"u8, out _) == ValueStatus.Fine && zoned.TryRead("Sun, 01 Mar 2026 09:05:00"u8, out _) == ValueStatus.Fine);
            Assert.True(category.TryReadText(" 5411.0"u8, out _) && category.TryReadNumberAsText("5.411e3"u8, out _));
        }, calls: 100);

        Assert.Equal(0, allocated);
    }

    private static FieldGrammar Time(string? format = null, string? zone = null) =>
        new(new FieldSpec { Name = "t", Kind = FieldKind.Timestamp, Format = format, TimeZone = zone });

    private static FieldGrammar Missing(FieldKind kind) => new(new FieldSpec { Name = "x", Kind = kind, Missing = ["NA", "-", "-999"] });

    private static double Seconds(string iso) =>
        (DateTimeOffset.Parse(iso, CultureInfo.InvariantCulture) - DateTimeOffset.UnixEpoch).TotalSeconds;
}
