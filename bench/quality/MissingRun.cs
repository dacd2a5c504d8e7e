namespace AEAnomaly.Bench.Quality;

/// <summary>Holds what one score of one variant makes of records that lack fields, on one set.</summary>
/// <param name="Set">Data set.</param>
/// <param name="Variant">Variant.</param>
/// <param name="Score">Score, or scores joined by +.</param>
/// <param name="Fields">Fields of a record.</param>
/// <param name="Flagged">Share of whole normal records above a threshold set to <see cref="Suite.AlertRate"/>.</param>
/// <param name="AucRoc">Area under the ROC curve of whole records, or null where the set has no anomalies.</param>
/// <param name="AtMean">What a missing field does where it counts as its mean, without completion.</param>
/// <param name="Completed">What it does in the product.</param>
/// <param name="Seconds">Seconds of the fit and of measuring all scores of the variant.</param>
/// <param name="Sources">What identifies the sources of the program.</param>
internal sealed record MissingRun(
    string Set,
    string Variant,
    string Score,
    int Fields,
    double Flagged,
    double? AucRoc,
    MissingFigures AtMean,
    MissingFigures Completed,
    double Seconds,
    string Sources);

/// <summary>Holds figures of records that lack fields.</summary>
/// <param name="Flagged">Share of normal records flagged, mean over each field left out in turn.</param>
/// <param name="Most">The same for the field with which it is greatest.</param>
/// <param name="AucRoc">Area under the ROC curve where normal records and anomalies lack the field, mean over the fields, or null.</param>
/// <param name="ThirdFlagged">Share of normal records flagged where a third of the fields, drawn anew several times, is left out.</param>
/// <param name="ThirdAucRoc">Area under the ROC curve then, or null.</param>
internal sealed record MissingFigures(double Flagged, double Most, double? AucRoc, double ThirdFlagged, double? ThirdAucRoc);
