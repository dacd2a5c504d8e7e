namespace AEAnomaly.Bench.EndToEnd;

/// <summary>Holds how long alerts took, from the call that produced their record until a reader of committed messages had them.</summary>
/// <param name="Delivery">The guarantee.</param>
/// <param name="Rate">Records produced a second.</param>
/// <param name="Alerts">Alerts measured.</param>
/// <param name="Median">Milliseconds within which half of them came.</param>
/// <param name="NinetyNinth">Milliseconds within which 99 of 100 came.</param>
/// <param name="Most">Milliseconds of the slowest.</param>
internal sealed record LatencyResult(string Delivery, int Rate, int Alerts, double Median, double NinetyNinth, double Most);
