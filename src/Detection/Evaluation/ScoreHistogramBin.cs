namespace AEAnomaly.Detection.Evaluation;

/// <summary>Counts the records whose score lies in one interval.</summary>
/// <param name="From">Lower edge, included.</param>
/// <param name="To">Upper edge, left out (but included in the last bin).</param>
/// <param name="Normals">Normal records in it.</param>
/// <param name="Anomalies">Anomalies in it.</param>
public readonly record struct ScoreHistogramBin(double From, double To, int Normals, int Anomalies);
