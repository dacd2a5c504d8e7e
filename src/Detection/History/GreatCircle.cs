namespace AEAnomaly.Detection.History;

/// <summary>Measures ways on the earth as on a sphere.</summary>
internal static class GreatCircle
{
    /// <summary>The speed told of two places at one instant, and of anything faster.</summary>
    public const double LargestSpeed = 100_000;

    // Mean radius of the earth (IUGG).
    private const double RadiusKilometres = 6371.0088;

    // Clocks of seconds: two places that a measuring error lies between are no journey.
    private const double ShortestSeconds = 1;

    /// <summary>Gives kilometres between two places in degrees (haversine).</summary>
    public static double Kilometres(double latitude, double longitude, double toLatitude, double toLongitude)
    {
        var vertical = Math.Sin(double.DegreesToRadians(toLatitude - latitude) / 2);
        var horizontal = Math.Sin(double.DegreesToRadians(toLongitude - longitude) / 2);
        var share = (vertical * vertical)
            + (Math.Cos(double.DegreesToRadians(latitude)) * Math.Cos(double.DegreesToRadians(toLatitude)) * horizontal * horizontal);
        return 2 * RadiusKilometres * Math.Asin(Math.Sqrt(Math.Clamp(share, 0, 1)));
    }

    /// <summary>Gives kilometres per hour, at most <see cref="LargestSpeed"/>; a way against time counts as long as one with it.</summary>
    public static double Speed(double kilometres, double seconds) =>
        Math.Min(LargestSpeed, kilometres * 3600 / Math.Max(Math.Abs(seconds), ShortestSeconds));
}
