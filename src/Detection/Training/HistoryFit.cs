using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Detection.Training;

/// <summary>How a detector with a history is fitted and judged where its options leave that open.</summary>
/// <remarks>
/// What a key does differently stands out by its size: a sum far beyond what is usual, an amount many deviations off. A window that nobody has labelled holds such records, too. Judged by its nearest normal
/// records, one of them vouches for the next; and a tenth of the rows left out of each step keeps the network from learning them, at no loss where the window is clean. Measured on card payments,
/// docs/decisions/0006-history.md.
/// </remarks>
internal static class HistoryFit
{
    private const double TrimShare = 0.1;

    /// <summary>Takes the variant's reconstruction error for its score, unless the options name scores.</summary>
    public static VariantOptions Judge(VariantOptions variant) =>
        variant.Scores.Count == 0 && VariantCatalog.Describe(variant).DefaultScores.Count > 0 ? variant.JudgedBy([ScoreKind.Reconstruction]) : variant;

    /// <summary>Leaves a tenth of the worst rows of each batch out of the loss, unless the options say how many.</summary>
    public static TrainingOptions Fit(TrainingOptions fit) => fit.TrimShare is null ? fit.WithTrimShare(TrimShare) : fit;
}
