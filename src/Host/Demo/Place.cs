namespace AEAnomaly.Host.Demo;

/// <summary>Names a place.</summary>
/// <param name="Country">ISO 3166-1 alpha-2 code.</param>
/// <param name="Latitude">Degrees north.</param>
/// <param name="Longitude">Degrees east.</param>
internal readonly record struct Place(string Country, double Latitude, double Longitude)
{
    private const double KilometresPerDegree = 111.2;

    /// <summary>Gives the place some kilometres away.</summary>
    /// <param name="kilometres">How far; short beside the earth.</param>
    /// <param name="bearing">Which way, in radians from north.</param>
    public Place Away(double kilometres, double bearing) => this with
    {
        Latitude = Latitude + (kilometres * Math.Cos(bearing) / KilometresPerDegree),
        Longitude = Longitude + (kilometres * Math.Sin(bearing) / (KilometresPerDegree * Math.Cos(double.DegreesToRadians(Latitude)))),
    };
}
