using System.Globalization;

namespace AEAnomaly.Detection.Features;

/// <summary>Writes numbers the way people read them: four significant digits, whole numbers whole.</summary>
internal static class ReadableNumber
{
    private const int DigitsOfSinglePrecision = 7;

    /// <summary>Leaves out the digits that a single-precision network cannot know; more would only look exact.</summary>
    public static double OfSinglePrecision(double value)
    {
        if (value == 0 || !double.IsFinite(value))
            return value;
        var digits = DigitsOfSinglePrecision - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return digits is >= 0 and <= 15 ? Math.Round(value, digits) : value;
    }

    public static string Format(double value)
    {
        var magnitude = Math.Abs(value);
        if (magnitude is >= 1000 and < 1e15)
            return value.ToString("0", CultureInfo.InvariantCulture);
        if (magnitude is >= 1e-4 and < 1000)
            return value.ToString("G4", CultureInfo.InvariantCulture);
        return magnitude == 0 ? "0" : value.ToString("0.###e+0", CultureInfo.InvariantCulture);
    }
}
