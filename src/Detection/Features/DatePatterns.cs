using System.Text;
using System.Text.RegularExpressions;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Values;

namespace AEAnomaly.Detection.Features;

/// <summary>Finds the format of times that need one to be understood: day or month first, two digits for the year, digits without anything between them.</summary>
internal static partial class DatePatterns
{
    private const int TextsLookedAt = 50;

    // A time written as digits alone lies between these years; other numbers hardly all do.
    private const double EarliestSeconds = 315_532_800;
    private const double LatestSeconds = 4_102_444_800;

    private static readonly Dictionary<int, string> DigitPatterns = new() { [8] = "yyyyMMdd", [12] = "yyyyMMddHHmm", [14] = "yyyyMMddHHmmss", [17] = "yyyyMMddHHmmssfff" };

    /// <summary>Finds the format of times that are digits alone, such as 20260301.</summary>
    /// <param name="texts">Distinct texts and numbers.</param>
    /// <param name="name">Name of the column; eight digits are a date only where it says so.</param>
    public static (FieldSpec Field, string? Note)? OfDigits(string[] texts, FieldName name)
    {
        if (texts.Length == 0 || !DigitPatterns.TryGetValue(texts[0].Length, out var pattern) || (!name.IsTime && texts[0].Length < 14))
            return null;
        var rule = new TimeRule(pattern, TimeZoneInfo.Utc);
        foreach (var text in texts)
        {
            var isTime = rule.TryParse(Encoding.UTF8.GetBytes(text), out var seconds) == ValueStatus.Fine && seconds is >= EarliestSeconds and < LatestSeconds;
            if (!isTime && !MissingMarkers.IsAmongNumbers(text))
                return null;
        }

        return (new FieldSpec { Kind = FieldKind.Timestamp, Format = pattern }, $"written like {ShownText.Of(texts[0])}");
    }

    /// <summary>Finds the format of times that begin with a day, a month, or a year of two digits.</summary>
    /// <param name="texts">Distinct texts that hold digits.</param>
    public static (FieldSpec Field, string? Note)? Of(string[] texts)
    {
        var match = texts.Take(TextsLookedAt).Select(text => NumericDate().Match(text)).FirstOrDefault(found => found.Success);
        if (match is null)
            return null;

        var separator = match.Groups["separator"].Value;
        var year = match.Groups["year"].Length == 4 ? "yyyy" : "yy";
        List<string> dates = [$"d{separator}M{separator}{year}", $"M{separator}d{separator}{year}"];
        if (year == "yy")
            dates.Add($"yy{separator}M{separator}d");
        var time = TimePattern(match);
        var isTwelveHours = time.Contains('t', StringComparison.Ordinal);
        var fits = dates.Select((date, order) => Measure(date + time, texts, order == 1 && isTwelveHours ? -1 : order)).Where(fit => fit.Count > 0).ToArray();
        if (fits.Length == 0)
            return null;

        // Records lie close together in time: the reading that spreads them least is the likeliest.
        var best = fits.OrderByDescending(fit => fit.Count).ThenBy(fit => fit.Span).ThenBy(fit => fit.Order).First();
        var other = fits.FirstOrDefault(fit => fit.Count == best.Count && fit.Pattern != best.Pattern);
        var first = best.Pattern[0] switch { 'd' => "the day first", 'M' => "the month first", _ => "the year first" };
        var note = $"written like {ShownText.Of(match.Value)}, {first}{(other is null ? "" : $" (format: {other.Pattern} reads them all too)")}";
        return (new FieldSpec { Kind = FieldKind.Timestamp, Format = best.Pattern }, note);
    }

    private static string TimePattern(Match match)
    {
        if (!match.Groups["hour"].Success)
            return "";
        var half = match.Groups["half"].Success;
        var mark = match.Groups["mark"].Value;
        var gap = match.Groups["gap"].Value;
        var time = new StringBuilder(gap.Replace("T", "'T'", StringComparison.Ordinal)).Append(half ? "h" : "H").Append(mark).Append("mm");
        if (match.Groups["second"].Success)
            time.Append(mark).Append("ss");
        if (match.Groups["fraction"].Success)
            time.Append(".FFFFFFF");
        if (half)
            time.Append(match.Groups["halfgap"].Value).Append("tt");
        if (match.Groups["utc"].Success)
            time.Append(match.Groups["utcgap"].Value).Append('\'').Append(match.Groups["utc"].Value).Append('\'');
        if (match.Groups["offset"].Success)
            time.Append(match.Groups["offsetgap"].Value).Append("zzz");
        return time.ToString();
    }

    private static Fit Measure(string pattern, string[] texts, int order)
    {
        var rule = new TimeRule(pattern, TimeZoneInfo.Utc);
        var (count, earliest, latest) = (0, double.PositiveInfinity, double.NegativeInfinity);
        foreach (var text in texts)
        {
            if (rule.TryParse(Encoding.UTF8.GetBytes(text), out var seconds) != ValueStatus.Fine)
                continue;
            count++;
            (earliest, latest) = (Math.Min(earliest, seconds), Math.Max(latest, seconds));
        }

        return new Fit(pattern, count, latest - earliest, order);
    }

    [GeneratedRegex(
        @"^\d{1,2}(?<separator>[-/. ])\d{1,2}\k<separator>(?<year>\d{4}|\d{2})((?<gap>T|, | +)(?<hour>\d{1,2})(?<mark>[:.])\d{2}(\k<mark>(?<second>\d{2})(?<fraction>[.,]\d{1,7})?)?((?<halfgap> ?)(?<half>[AaPp][Mm]))?((?<utcgap> ?)(?<utc>UTC|GMT|Z))?((?<offsetgap> ?)(?<offset>[+-]\d{2}:?\d{2}))?)?$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex NumericDate();

    private sealed record Fit(string Pattern, int Count, double Span, int Order);
}
