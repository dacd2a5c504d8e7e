using System.Globalization;
using System.Text;

namespace AEAnomaly.Host.Configuration;

/// <summary>Reads and writes durations as people do: 500ms, 30s, 15m, 24h, 7d, 1h30m.</summary>
internal static class DurationText
{
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Gets the pattern that <see cref="TryParse"/> accepts, as a regular expression without anything that only some of them know.</summary>
    public const string Pattern = "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";

    /// <summary>Reads a duration: whole numbers with units, the largest unit first, each unit once.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var total = 0L;
        var rest = text.AsSpan().Trim();
        var largest = 0;
        if (rest.IsEmpty)
            return false;

        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return false;
            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            var unit = letters < 0 ? rest : rest[..letters];
            var index = UnitIndex(unit, largest);
            if (index < 0 || count > (long)TimeSpan.FromDays(36_500).TotalMilliseconds / Units[index].Milliseconds)
                return false;
            total += count * Units[index].Milliseconds;
            largest = index + 1;
            rest = rest[unit.Length..];
        }

        duration = TimeSpan.FromMilliseconds(total);
        return true;
    }

    /// <summary>Writes a duration so that <see cref="TryParse"/> reads the same back, to the millisecond.</summary>
    public static string Format(TimeSpan duration)
    {
        var rest = (long)duration.TotalMilliseconds;
        if (rest == 0)
            return "0s";

        var text = new StringBuilder();
        foreach (var (unit, milliseconds) in Units)
        {
            // 24h reads better than 1d, and 7d better than 168h.
            if (unit == "d" && rest < 2 * milliseconds)
                continue;
            var count = rest / milliseconds;
            if (count == 0)
                continue;
            text.Append(count).Append(unit);
            rest -= count * milliseconds;
        }

        return text.ToString();
    }

    private static int UnitIndex(ReadOnlySpan<char> unit, int from)
    {
        for (var i = from; i < Units.Length; i++)
        {
            if (unit.SequenceEqual(Units[i].Unit))
                return i;
        }

        return -1;
    }
}
