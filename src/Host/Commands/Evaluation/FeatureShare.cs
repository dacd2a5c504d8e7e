namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>Says how much of the scores one field holds.</summary>
/// <param name="Name">Field.</param>
/// <param name="InAnomalies">Mean share of the scores of anomalies, 0 to 1.</param>
/// <param name="InNormals">Mean share of the scores of normal records, 0 to 1.</param>
internal sealed record FeatureShare(string Name, double InAnomalies, double InNormals);
