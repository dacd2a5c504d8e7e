using System.Globalization;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>Writes numbers and durations for the sentences of a status.</summary>
internal static class LifecycleText
{
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Duration(TimeSpan duration) =>
        duration.TotalSeconds < 120
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#} min");
}
