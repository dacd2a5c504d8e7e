namespace AEAnomaly.Bench.Quality;

/// <summary>Names one run; two runs with the same name on the same sources give the same figures.</summary>
/// <param name="Split">"ordered", "random" or "time".</param>
/// <param name="Set">Data set.</param>
/// <param name="Candidate">Variant with its settings, as written.</param>
/// <param name="Seed">Seed of the model; with the random split also its number.</param>
/// <param name="Contaminated">Whether 1 % of the anomalies were mixed into the training rows.</param>
internal readonly record struct RunName(string Split, string Set, string Candidate, int Seed, bool Contaminated = false)
{
    public override string ToString() => $"{Set} {Candidate} seed {Seed}{(Contaminated ? " with anomalies learned from" : "")}";
}

/// <summary>Holds what one run measured.</summary>
/// <param name="Name">Which run.</param>
/// <param name="TrainRows">Records trained on.</param>
/// <param name="TestRows">Records tested.</param>
/// <param name="Fields">Fields that are features.</param>
/// <param name="AucPr">Average precision, 0 to 1.</param>
/// <param name="AucRoc">Area under the ROC curve, 0 to 1.</param>
/// <param name="AlertRate">Share of unseen normal records above a threshold set to <see cref="Suite.AlertRate"/>.</param>
/// <param name="FitSeconds">Encoder, network and threshold.</param>
/// <param name="RowsPerSecond">Records encoded and scored a second, one thread.</param>
/// <param name="SmoothAucPr">Average precision of a trailing mean of the score, or null.</param>
/// <param name="SmoothAucRoc">Area under the ROC curve of that mean, or null.</param>
/// <param name="Sources">What identifies the sources of the program.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="Date">Day, UTC.</param>
internal sealed record Run(
    RunName Name,
    int TrainRows,
    int TestRows,
    int Fields,
    double AucPr,
    double AucRoc,
    double AlertRate,
    double FitSeconds,
    double RowsPerSecond,
    double? SmoothAucPr,
    double? SmoothAucRoc,
    string Sources,
    string Machine,
    string Date);
