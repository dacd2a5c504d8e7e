namespace AEAnomaly.Host.Commands.Evaluation;

/// <summary>One scored record of a report.</summary>
/// <param name="Row">Row of the file from 1, the header not counted.</param>
/// <param name="IsAnomaly">What the label says.</param>
/// <param name="Score">Score.</param>
/// <param name="Ratio">Score over threshold; above 1 it is flagged.</param>
/// <param name="Sentence">Why, in one sentence.</param>
internal sealed record JudgedRecord(long Row, bool IsAnomaly, double Score, double Ratio, string Sentence);
