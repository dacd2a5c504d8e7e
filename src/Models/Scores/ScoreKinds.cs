namespace AEAnomaly.Models.Scores;

/// <summary>Groups the kinds of scores by what a model gives them, and names them.</summary>
public static class ScoreKinds
{
    /// <summary>Gets the scores of variants that reconstruct single records.</summary>
    internal static IReadOnlyList<ScoreKind> OfReconstructions { get; } =
    [
        ScoreKind.Reconstruction,
        ScoreKind.Whitened,
        ScoreKind.Likelihood,
        ScoreKind.LatentDistance,
        ScoreKind.NearestNormal,
        ScoreKind.NearestResidual,
        ScoreKind.NearestLatent,
    ];

    /// <summary>Gets the scores of variants whose codes are Gaussians.</summary>
    internal static IReadOnlyList<ScoreKind> OfPosteriors { get; } =
        [.. OfReconstructions, ScoreKind.Elbo, ScoreKind.ReconstructionProbability, ScoreKind.ImportanceBound];

    /// <summary>Gets the scores of flows, which judge all real features jointly and reconstruct none.</summary>
    internal static IReadOnlyList<ScoreKind> OfFlows { get; } =
        [ScoreKind.Likelihood, ScoreKind.LatentDistance, ScoreKind.NearestNormal, ScoreKind.NearestLatent];

    /// <summary>Gives the name of a kind as users write it: "nearest_normal".</summary>
    /// <param name="kind">Kind.</param>
    public static string NameOf(ScoreKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}
