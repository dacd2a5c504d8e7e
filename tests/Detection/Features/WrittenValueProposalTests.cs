using System.Globalization;
using AEAnomaly.Detection.Features;
using AEAnomaly.Detection.Records;

namespace AEAnomaly.Detection.Tests.Features;

/// <summary>What init proposes for values as people and databases write them.</summary>
public sealed class WrittenValueProposalTests
{
    private const int Records = 400;

    [Theory]
    [InlineData("{0:#,##0.00}", ".", null)]
    [InlineData("${0:#,##0.00}", ".", "$")]
    [InlineData("{0:0.00} EUR", ".", "EUR")]
    [InlineData("EUR {0:0.00}", ".", "EUR")]
    [InlineData("\u20AC{0:0.00}", ".", "\u20AC")]
    [InlineData("{0:0.0}%", ".", "%")]
    [InlineData("{0:0} ms", ".", "ms")]
    [InlineData("{0:0} s", ".", "s")]
    [InlineData("{0:0.00}-", ".", null)]
    [InlineData("({0:0.00})", ".", null)]
    [InlineData("\u2212{0:0.00}", ".", null)]
    public void Propose_NumbersWithAPoint_DeclaresHowTheyAreWritten(string format, string mark, string? unit) => AssertNumbers(Amount(format), mark, unit);

    [Theory]
    [InlineData("{0:0.00}", null)]
    [InlineData("{0:#,##0.00}", null)]
    [InlineData("{0:#,##0.00} \u20AC", "\u20AC")]
    [InlineData("-{0:0.00} kr", "kr")]
    public void Propose_NumbersWithAComma_DeclaresIt(string format, string? unit) =>
        AssertNumbers(i => Amount(format)(i).Replace(',', '!').Replace('.', ',').Replace('!', '.'), ",", unit);

    [Fact]
    public void Propose_ThousandsThatMayBeDecimals_SaysSo()
    {
        var proposal = Propose("amount", i => $"{1 + (i % 9)},{100 + i}");

        Assert.Equal((FieldKind.Numeric, "."), (proposal.Field.Kind, proposal.Field.Decimal));
        Assert.Contains("the comma taken for thousands (decimal: \",\" if it is the decimal mark)", proposal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s{0}")]
    [InlineData("{0}g")]
    [InlineData("A-{0}")]
    [InlineData("card-{0}")]
    [InlineData("{0}/7")]
    [InlineData("10.0.0.{0}")]
    public void Propose_NamesThatHoldDigits_AreNoNumbers(string format) =>
        Assert.NotEqual(FieldKind.Numeric, Propose("plan", i => string.Format(CultureInfo.InvariantCulture, format, i % 30)).Field.Kind);

    [Fact]
    public void Propose_TwoUnits_AreNoOneQuantity() =>
        Assert.Equal(FieldKind.Ignore, Propose("amount", i => $"{(i % 2 == 0 ? '$' : '\u20AC')}{i}.25").Field.Kind);

    [Theory]
    [InlineData("NA")]
    [InlineData("N/A")]
    [InlineData("null")]
    [InlineData("None")]
    [InlineData("nan")]
    [InlineData("\\N")]
    [InlineData("-")]
    [InlineData("?")]
    [InlineData("#DIV/0!")]
    public void Propose_MarkerAmongNumbers_IsMissingAndNamed(string marker)
    {
        var proposal = Propose("amount", i => i % 16 == 5 ? marker : Amount("{0:0.00}")(i));

        Assert.Equal(FieldKind.Numeric, proposal.Field.Kind);
        Assert.Equal([marker], proposal.Field.Missing);
        Assert.Contains($"25 of 400 are missing: \"{marker}\" 25", proposal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_MarkersAmongTimesBooleansAndWrittenNumbers_AreMissing()
    {
        Assert.Equal(["0000-00-00 00:00:00"], Propose("time", i => i % 50 == 3 ? "0000-00-00 00:00:00" : Moment(i, "yyyy-MM-dd HH:mm:ss")).Field.Missing);
        Assert.Equal(["NULL"], Propose("online", i => i % 50 == 3 ? "NULL" : i % 2 == 0 ? "true" : "false").Field.Missing);
        Assert.Equal(["-", "n/a"], Propose("amount", i => i % 50 == 3 ? "-" : i % 100 == 4 ? "n/a" : $"{i},5").Field.Missing);
    }

    [Fact]
    public void Propose_MarkersAmongTexts_AreMissingWhereTheyAreNoWord()
    {
        Assert.Empty(Propose("country", i => i % 3 == 0 ? "NA" : i % 3 == 1 ? "DE" : "FR").Field.Missing);
        Assert.Equal(["\\N"], Propose("country", i => i % 3 == 0 ? "\\N" : i % 3 == 1 ? "DE" : "FR").Field.Missing);
        var key = Propose("customer_id", i => i % 10 == 0 ? "NULL" : $"c{i % 60}").Field;
        Assert.Equal((FieldKind.Key, false), (key.Kind, key.Required));
        Assert.Equal(["NULL"], key.Missing);
    }

    [Theory]
    [InlineData("Total", 1)]
    [InlineData("offline", 30)]
    public void Propose_FewOddValues_AreCountedAndNamed(string odd, int times)
    {
        var proposal = Propose("amount", i => i < times ? odd : Amount("{0:0.00}")(i));

        Assert.Equal(FieldKind.Numeric, proposal.Field.Kind);
        Assert.Empty(proposal.Field.Missing);
        Assert.Contains($"{Records - times} of 400 are numbers, the other{(times == 1 ? " is" : "s are")} refused: \"{odd}\" {times}", proposal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_ManyOddValues_AreNotPassedOverInSilence()
    {
        var proposal = Propose("amount", i => i % 4 == 0 ? $"see note {i}" : $"{i}.25");

        Assert.Equal(FieldKind.Ignore, proposal.Field.Kind);
        Assert.Contains("300 of 400 are numbers, the others are refused", proposal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss 'UTC'")]
    [InlineData("yyyy-MM-dd HH:mm:ss '+0100'")]
    [InlineData("yyyy-MM-dd H:mm:ss")]
    [InlineData("yyyy-MM-dd hh:mm:ss tt")]
    [InlineData("yyyyMMdd'T'HHmmss'Z'")]
    [InlineData("yyyy/MM/dd HH:mm")]
    [InlineData("dd/MMM/yyyy:HH:mm:ss '+0000'")]
    [InlineData("ddd, dd MMM yyyy HH:mm:ss 'GMT'")]
    public void Propose_TimesWithOneMeaning_NeedNoFormat(string format)
    {
        var field = Propose("x", i => Moment(i, format)).Field;

        Assert.Equal((FieldKind.Timestamp, null), (field.Kind, field.Format));
    }

    [Theory]
    [InlineData("dd/MM/yyyy HH:mm:ss", "d/M/yyyy H:mm:ss")]
    [InlineData("dd.MM.yyyy HH:mm", "d.M.yyyy H:mm")]
    [InlineData("M/d/yyyy h:mm:ss tt", "M/d/yyyy h:mm:ss tt")]
    [InlineData("dd-MM-yy", "d-M-yy")]
    [InlineData("dd/MM/yyyy'T'HH:mm:ss.fff", "d/M/yyyy'T'H:mm:ss.FFFFFFF")]
    [InlineData("dd/MM/yyyy HH:mm:ss 'UTC'", "d/M/yyyy H:mm:ss 'UTC'")]
    [InlineData("yyyyMMddHHmmss", "yyyyMMddHHmmss")]
    [InlineData("yyyyMMdd", "yyyyMMdd")]
    public void Propose_TimesThatNeedAFormat_GetIt(string written, string format)
    {
        var proposal = Propose("time", i => Moment(i, written));

        Assert.Equal((FieldKind.Timestamp, format), (proposal.Field.Kind, proposal.Field.Format));
        Assert.Contains("written like", proposal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_DayOrMonthFirst_NamesTheOther()
    {
        var proposal = Propose("time", i => $"01/03/2026 0{i % 10}:{i % 60:00}:00");

        Assert.Equal("d/M/yyyy H:mm:ss", proposal.Field.Format);
        Assert.Contains("the day first (format: M/d/yyyy H:mm:ss reads them all too)", proposal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_TimeWithoutOffset_SaysThatItIsTakenAsUtc() =>
        Assert.Contains("without an offset, so taken as UTC (time_zone says otherwise)", Propose("time", i => Moment(i, "yyyy-MM-dd HH:mm:ss")).Reason, StringComparison.Ordinal);

    [Fact]
    public void Propose_ClockWithoutADate_IsNamed() =>
        Assert.Contains("they look like times or durations (\"00:00:00\")", Propose("took", i => $"{i / 60:00}:{i % 60:00}:00").Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("contact", "+4930{0:0000000}")]
    [InlineData("part", "{0}E5")]
    [InlineData("reference", "90071992547409{0:000}")]
    [InlineData("code9", "00{0:000}")]
    public void Propose_NumbersThatAreCodes_AreTexts(string name, string format)
    {
        var proposal = Propose(name, i => string.Format(CultureInfo.InvariantCulture, format, 100 + (i * 7 % 390)));

        Assert.NotEqual(FieldKind.Numeric, proposal.Field.Kind);
        Assert.Contains("texts: ", proposal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Propose_ExponentsAmongDecimals_StayNumbers() =>
        Assert.Equal(FieldKind.Numeric, Propose("x", i => i % 9 == 0 ? "1e5" : $"{i}.5").Field.Kind);

    [Fact]
    public void Propose_CodesInTwoForms_AreOneCategory() =>
        Assert.Contains("4 distinct values", Propose("mcc", i => (i % 2 == 0 ? "541{0}" : "541{0}.0").Replace("{0}", $"{i % 4}", StringComparison.Ordinal)).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("fault", true)]
    [InlineData("machine_failure", true)]
    [InlineData("isDefective", true)]
    [InlineData("chargeback_flag", true)]
    [InlineData("fault_current", false)]
    [InlineData("days_since_failure", false)]
    public void Propose_RareFlagNamedForAFault_IsTheLabel(string name, bool isLabel) =>
        Assert.Equal(isLabel, Propose(name, i => i % 25 == 0 ? "1" : "0").Field.Kind == FieldKind.Label);

    [Theory]
    [InlineData("error")]
    [InlineData("login_failed")]
    [InlineData("failure_seen")]
    public void Propose_RareFlagThatMayBeALabel_IsWarnedOf(string name) =>
        Assert.Contains("WARNING: if it says which records are anomalies, declare it as label", Propose(name, i => i % 25 == 0 ? "1" : "0").Reason, StringComparison.Ordinal);

    [Fact]
    public void Propose_LabelOfUnknownWords_AsksWhichIsNormal() =>
        Assert.Contains("none of them is known to mean normal, so say which does: normal: [\"A\" or \"B\"]", Propose("label", i => i % 25 == 1 ? "B" : "A").Reason, StringComparison.Ordinal);

    private static void AssertNumbers(Func<int, string> value, string mark, string? unit)
    {
        var proposal = Propose("amount", value);

        Assert.Equal((FieldKind.Numeric, mark, unit), (proposal.Field.Kind, proposal.Field.Decimal, proposal.Field.Unit));
        Assert.Contains("written like", proposal.Reason, StringComparison.Ordinal);
    }

    private static Func<int, string> Amount(string format) => i => string.Format(CultureInfo.InvariantCulture, format, 900 + (i * 7919 % 997 * 1.13));

    private static string Moment(int i, string format) => new DateTime(2026, 3, 11).AddMinutes(i * 173).ToString(format, CultureInfo.InvariantCulture);

    private static FieldProposal Propose(string name, Func<int, string> value) => FieldProposer.Propose(
    [
        new SampleColumn(name, [.. Enumerable.Range(0, Records).Select(value).Select(text => new SampleValue(
            text is "true" or "false" ? SampleValueKind.Boolean : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) && text[0] is '-' or (>= '0' and <= '9') && (text[0] != '0' || text.Length == 1) ? SampleValueKind.Number : SampleValueKind.Text,
            text))]),
    ])[0];
}
