using System.Text.RegularExpressions;

namespace AEAnomaly.Detection.Features;

/// <summary>Finds columns whose values read as numbers and are none: telephone numbers, codes with leading zeros, identifiers too long for a double.</summary>
internal static partial class CodeLook
{
    // As a double, no integer beyond this is told from its neighbours.
    private const double LargestExact = 9_007_199_254_740_992;

    /// <summary>Says why the values of a column are codes; null where they may be quantities.</summary>
    /// <param name="values">Distinct values that read as numbers, and others.</param>
    public static string? Reason(IEnumerable<SampleValue> values)
    {
        var (hasPoint, hasExponent) = (false, false);
        string? reason = null;
        foreach (var value in values)
        {
            if (value.Kind is not (SampleValueKind.Number or SampleValueKind.Text))
                continue;
            var text = value.Text;
            hasPoint |= text.Contains('.', StringComparison.Ordinal);
            hasExponent |= BareExponent().IsMatch(text);
            if (Telephone().IsMatch(text))
                reason ??= $"like telephone numbers ({ShownText.Of(text)})";
            else if (value.Kind == SampleValueKind.Text && LeadingZeros().IsMatch(text))
                reason ??= $"with leading zeros ({ShownText.Of(text)})";
            else if (Digits().IsMatch(text) && Math.Abs(double.Parse(text, System.Globalization.CultureInfo.InvariantCulture)) > LargestExact)
                reason ??= $"whole numbers beyond 2^53, which as numbers could not be told apart ({ShownText.Of(text)})";
        }

        return hasPoint ? null : reason ?? (hasExponent ? "digits with an E between, codes rather than powers of ten" : null);
    }

    [GeneratedRegex(@"^\+\d{7,15}$")]
    private static partial Regex Telephone();

    [GeneratedRegex(@"^0\d{2,}$")]
    private static partial Regex LeadingZeros();

    [GeneratedRegex(@"^-?\d{16,}$")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^\d+[eE]\d+$")]
    private static partial Regex BareExponent();
}
