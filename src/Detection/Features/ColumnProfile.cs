using System.Globalization;

namespace AEAnomaly.Detection.Features;

/// <summary>Holds what the sampled values of one column have in common.</summary>
internal sealed class ColumnProfile
{
    // 2000-01-01 and 2100-01-01 as Unix seconds.
    private const double EarliestSeconds = 946_684_800;
    private const double LatestSeconds = 4_102_444_800;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public ColumnProfile(SampleColumn column)
    {
        Records = column.Values.Count;
        var numbers = new List<double>();
        var booleans = 0;
        var isoTimes = 0;
        long letters = 0;
        var nested = 0;
        foreach (var value in column.Values)
        {
            if (value.Kind == SampleValueKind.Missing)
                continue;
            Present++;
            _counts[value.Text] = _counts.GetValueOrDefault(value.Text) + 1;
            letters += value.Text.Length;
            nested += value.Kind == SampleValueKind.Nested ? 1 : 0;
            booleans += value.Kind == SampleValueKind.Boolean ? 1 : 0;
            if (TryNumber(value, out var number))
                numbers.Add(number);
            else if (value.Kind == SampleValueKind.Text && IsIsoTime(value.Text))
                isoTimes++;
        }

        HasNested = nested > 0;
        AreBooleans = Present > 0 && booleans == Present;
        AreNumbers = Present > 0 && numbers.Count == Present;
        HasNumbers = numbers.Count > 0;
        AreIsoTimes = Present > 0 && isoTimes == Present;
        MeanLength = Present == 0 ? 0 : (double)letters / Present;
        if (AreNumbers)
            ReadNumbers(numbers);
    }

    public int Records { get; }

    public int Present { get; }

    public int Distinct => _counts.Count;

    public bool HasNested { get; }

    public bool AreBooleans { get; }

    public bool AreNumbers { get; }

    public bool HasNumbers { get; }

    public bool AreIsoTimes { get; }

    public double MeanLength { get; }

    public bool AreIntegers { get; private set; }

    public bool AreZeroOrOne { get; private set; }

    /// <summary>Gets whether no number is smaller than the one before and they are not all equal.</summary>
    public bool Rises { get; private set; }

    /// <summary>Gets whether each number is the one before plus one and the same step.</summary>
    public bool Counts { get; private set; }

    /// <summary>Gets the unit in which the numbers are times between the years 2000 and 2100, or null.</summary>
    public string? UnixTimeUnit { get; private set; }

    public bool IsUnique => Distinct == Present;

    /// <summary>Gets whether any value holds a digit.</summary>
    public bool HasDigits => _counts.Keys.Any(text => text.AsSpan().ContainsAnyInRange('0', '9'));

    /// <summary>Gets the share of the present values whose text occurs at least <paramref name="times"/> times, 0 to 1.</summary>
    public double ShareOccurring(int times) => Present == 0 ? 0 : (double)_counts.Values.Where(count => count >= times).Sum() / Present;

    /// <summary>Counts the texts that occur at least <paramref name="times"/> times.</summary>
    public int DistinctOccurring(int times) => _counts.Values.Count(count => count >= times);

    private static bool TryNumber(SampleValue value, out double number)
    {
        number = 0;
        var text = value.Text;
        if (value.Kind is not (SampleValueKind.Number or SampleValueKind.Text) ||
            !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) || !double.IsFinite(number))
        {
            return false;
        }

        // "00123" in a text is a code: as a number it would lose its zeros.
        return value.Kind == SampleValueKind.Number || text.Length < 2 || text[0] != '0' || text[1] == '.';
    }

    private static bool IsIsoTime(string text) =>
        text.Length >= 10 && text[4] == '-' && text[7] == '-' &&
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private void ReadNumbers(List<double> numbers)
    {
        AreIntegers = numbers.TrueForAll(number => number == Math.Floor(number));
        AreZeroOrOne = numbers.TrueForAll(number => number is 0 or 1);
        var rises = true;
        var counts = AreIntegers && numbers.Count > 1;
        for (var i = 1; i < numbers.Count; i++)
        {
            rises &= numbers[i] >= numbers[i - 1];
            counts &= numbers[i] - numbers[i - 1] == numbers[1] - numbers[0];
        }

        Rises = rises && numbers[^1] > numbers[0];
        Counts = counts && numbers[1] != numbers[0];
        UnixTimeUnit = Within(numbers, 1) ? "seconds"
            : Within(numbers, 1e3) ? "milliseconds"
            : Within(numbers, 1e6) ? "microseconds"
            : Within(numbers, 1e9) ? "nanoseconds"
            : null;
    }

    private static bool Within(List<double> numbers, double ticksPerSecond) =>
        numbers.TrueForAll(number => number >= EarliestSeconds * ticksPerSecond && number < LatestSeconds * ticksPerSecond);
}
