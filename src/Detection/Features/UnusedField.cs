namespace AEAnomaly.Detection.Features;

/// <summary>Names a declared feature field that got no features.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Reason">Why: "missing in every training record".</param>
public sealed record UnusedField(string Name, string Reason);
