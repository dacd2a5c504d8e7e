using System.Text;
using AEAnomaly.Detection.Records;
using AEAnomaly.Detection.Values;

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
        var name = new FieldName(column.Path);
        var values = new Dictionary<SampleValue, int>();
        foreach (var value in column.Values)
        {
            if (value.Kind != SampleValueKind.Missing && (value.Kind == SampleValueKind.Nested || !string.IsNullOrWhiteSpace(value.Text)))
                values[value] = values.GetValueOrDefault(value) + 1;
        }

        HasNested = values.Keys.Any(value => value.Kind == SampleValueKind.Nested);
        var reading = HasNested ? null : ColumnReading.Find(values, name);
        Reading = reading is { IsPlausible: true } ? reading : null;
        PartialReading = Reading is null ? reading : null;
        CodeReason = Reading is { Field: { Kind: FieldKind.Numeric, Decimal: null } } ? CodeLook.Reason(values.Keys) : null;
        AreNumbers = Reading?.Field.Kind == FieldKind.Numeric;
        HasNumbers = AreNumbers || reading?.Field.Kind == FieldKind.Numeric;
        if (AreNumbers)
            ReadNumbers(column);
        if (CodeReason is not null && UnixTimeUnit is null)
        {
            AreNumbers = AreIntegers = AreZeroOrOne = Rises = Counts = false;
            Reading = null;
        }

        var left = Reading is null ? [] : Reading.Markers.Concat(Reading.Odd).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        long letters = 0;
        var markers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (value, count) in values)
        {
            if (left.Contains(value.Text))
                continue;
            if (Reading is null && value.Kind == SampleValueKind.Text && MissingMarkers.IsAmongTexts(value.Text))
            {
                markers[value.Text] = count;
                continue;
            }

            Present += count;
            // 5411 and 5411.0 are one category.
            var text = AreNumbers ? value.Text : Encoding.UTF8.GetString(CategoryText.Of(Encoding.UTF8.GetBytes(value.Text)));
            _counts[text] = _counts.GetValueOrDefault(text) + count;
            letters += (long)value.Text.Length * count;
        }

        TextMarkers = [.. markers.OrderByDescending(pair => pair.Value)];
        MeanLength = Present == 0 ? 0 : (double)letters / Present;
    }

    public int Records { get; }

    public int Present { get; }

    public int Distinct => _counts.Count;

    public bool HasNested { get; }

    /// <summary>Gets how the values read as numbers, booleans or times; null where they are texts.</summary>
    public ColumnReading? Reading { get; }

    /// <summary>Gets how some of the texts read, where too many do not.</summary>
    public ColumnReading? PartialReading { get; }

    /// <summary>Gets texts among texts that mean "no value", with how often each occurs.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> TextMarkers { get; }

    /// <summary>Gets why what reads as numbers is not meant as quantities: "whole numbers beyond 2^53, ..."; null where it is.</summary>
    public string? CodeReason { get; }

    public bool AreBooleans => Reading?.Field.Kind == FieldKind.Boolean;

    public bool AreNumbers { get; }

    public bool HasNumbers { get; }

    /// <summary>Gets whether the values are written times.</summary>
    public bool AreTimes => Reading?.Field.Kind == FieldKind.Timestamp;

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

    /// <summary>Gets the share of the value that occurs least, 0 to 1.</summary>
    public double ShareOfRarest => Present == 0 ? 0 : (double)_counts.Values.Min() / Present;

    /// <summary>Gets a text that looks like the time of a clock, where nearly all do; null elsewhere.</summary>
    public string? ClockText => Reading is null && Distinct > 0 && _counts.Keys.Count(IsClock) * 10 >= Distinct * 9 ? _counts.Keys.First(IsClock) : null;

    /// <summary>Counts the texts that occur at least <paramref name="times"/> times.</summary>
    public int DistinctOccurring(int times) => _counts.Values.Count(count => count >= times);

    private static bool IsClock(string text) =>
        text.IndexOf(':', StringComparison.Ordinal) is > 0 and var at && at + 2 < text.Length && char.IsAsciiDigit(text[at - 1]) && char.IsAsciiDigit(text[at + 1]) && char.IsAsciiDigit(text[at + 2]);

    private void ReadNumbers(SampleColumn column)
    {
        var grammar = new FieldGrammar(Reading!.Field);
        var numbers = new List<double>();
        foreach (var value in column.Values)
        {
            if (value.Kind is not (SampleValueKind.Number or SampleValueKind.Text))
                continue;
            var text = Encoding.UTF8.GetBytes(value.Text);
            if ((value.Kind == SampleValueKind.Number ? grammar.TryReadNumber(text, out var number) : grammar.TryRead(text, out number)) == ValueStatus.Fine)
                numbers.Add(number);
        }

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
