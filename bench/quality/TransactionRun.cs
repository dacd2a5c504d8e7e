namespace AEAnomaly.Bench.Quality;

/// <summary>Holds what the daemon found in one set of card payments on a broker, and what <c>evaluate</c> finds with the same configuration.</summary>
/// <param name="Set">Data set.</param>
/// <param name="Partitions">Partitions of its topics.</param>
/// <param name="Rows">Records replayed.</param>
/// <param name="Learned">Records that the daemon's version learned from.</param>
/// <param name="Tested">Records judged.</param>
/// <param name="Frauds">Frauds among them.</param>
/// <param name="Alerted">Records that were alerted.</param>
/// <param name="FraudsAlerted">Frauds among those.</param>
/// <param name="EvaluateLearned">Records that <c>evaluate</c> learned from.</param>
/// <param name="Flagged">Records that <c>evaluate</c> flags.</param>
/// <param name="FraudsFlagged">Frauds among those.</param>
/// <param name="Common">Records that were alerted and are flagged.</param>
/// <param name="FraudsCommon">Frauds among those.</param>
/// <param name="AucPr">Average precision by <c>evaluate</c>, 0 to 1.</param>
/// <param name="AucRoc">Area under the ROC curve by <c>evaluate</c>, 0 to 1.</param>
/// <param name="Seconds">Time from the first replay to the last alert read.</param>
internal sealed record TransactionRun(
    string Set,
    int Partitions,
    int Rows,
    int Learned,
    int Tested,
    int Frauds,
    int Alerted,
    int FraudsAlerted,
    int EvaluateLearned,
    int Flagged,
    int FraudsFlagged,
    int Common,
    int FraudsCommon,
    double AucPr,
    double AucRoc,
    double Seconds);
