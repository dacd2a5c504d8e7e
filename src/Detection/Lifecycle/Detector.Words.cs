using System.Globalization;

namespace AEAnomaly.Detection.Lifecycle;

/// <summary>The words of the states and messages of the background half.</summary>
public sealed partial class Detector
{
    private static string OutcomeOf(Exception e) => e is TimeoutException ? "deadline" : "failed";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan duration) =>
        duration.TotalSeconds < 120
            ? string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s")
            : string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMinutes:0.#} min");
}
