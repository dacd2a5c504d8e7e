namespace AEAnomaly.Host.Demo;

/// <summary>Names a city.</summary>
/// <param name="Country">ISO 3166-1 alpha-2 code.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal readonly record struct Place(string Country, double Latitude, double Longitude)
{
    private const double EarthRadiusKm = 6371;

    /// <summary>Measures the great-circle distance in kilometres.</summary>
    public double DistanceKm(Place other)
    {
        var (lat1, lat2) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var dLat = lat2 - lat1;
        var dLon = double.DegreesToRadians(other.Longitude - Longitude);
        var h = Math.Pow(Math.Sin(dLat / 2), 2) + (Math.Cos(lat1) * Math.Cos(lat2) * Math.Pow(Math.Sin(dLon / 2), 2));
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(h)));
    }
}
