namespace AEAnomaly.Detection.Evaluation;

/// <summary>Holds one point of a detection curve.</summary>
/// <param name="X">False positive rate (ROC) or recall (precision-recall), 0 to 1.</param>
/// <param name="Y">True positive rate (ROC) or precision (precision-recall), 0 to 1.</param>
/// <param name="Score">Score from which on records are flagged; infinity where none is.</param>
public readonly record struct CurvePoint(double X, double Y, double Score);
