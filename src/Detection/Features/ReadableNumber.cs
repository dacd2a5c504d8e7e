using System.Globalization;

namespace AEAnomaly.Detection.Features;

/// <summary>Writes numbers the way people read them: four significant digits, whole numbers whole.</summary>
internal static class ReadableNumber
{
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
