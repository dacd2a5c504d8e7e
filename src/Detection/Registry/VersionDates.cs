namespace AEAnomaly.Detection.Registry;

/// <summary>Finds versions that a wrong clock has dated: their age means nothing.</summary>
public static class VersionDates
{
    // Hosts that share a model folder differ by this much at most, or a clock is wrong.
    private static readonly TimeSpan LargestClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>Tells whether a version is dated later than now.</summary>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="now">Now.</param>
    public static bool IsAhead(ModelManifest manifest, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return manifest.CreatedAt - now > LargestClockDifference;
    }

    /// <summary>Says which versions are dated later than now, and what to do; null when none is.</summary>
    /// <param name="stored">Versions.</param>
    /// <param name="now">Now.</param>
    public static string? Problem(IEnumerable<ModelVersion> stored, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var ahead = stored.Where(version => version.Manifest is { } manifest && IsAhead(manifest, now)).Select(version => version.Version).ToList();
        return ahead.Count == 0
            ? null
            : $"the model folder holds versions dated later than this process's clock ({now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}): {string.Join(", ", ahead)}; "
                + "correct the clock if it is wrong, else ignore their dates";
    }
}
