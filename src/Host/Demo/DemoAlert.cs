namespace AEAnomaly.Host.Demo;

/// <summary>Holds what the view shows of an alert.</summary>
/// <param name="Entity">Card, as the alert shows it.</param>
/// <param name="Ratio">Score over threshold.</param>
/// <param name="Severity">Severity.</param>
/// <param name="Sentence">The alert's explanation.</param>
internal sealed record DemoAlert(string Entity, double Ratio, string Severity, string Sentence)
{
    public override string ToString() => $"{Severity,-8} {Ratio,6:F1}x  {Entity}  {Sentence}";
}
