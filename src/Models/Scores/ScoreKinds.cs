using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Scores;

/// <summary>Knows which scores make sense for which variant.</summary>
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

    /// <summary>Lists what is wrong with the chosen scores.</summary>
    /// <param name="options">Options of any variant.</param>
    /// <returns>For each problem the index in <see cref="VariantOptions.Scores"/> and a sentence that says what was found and what the variant offers.</returns>
    public static IEnumerable<(int Index, string Text)> Problems(VariantOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var variant = VariantCatalog.Describe(options);
        for (var i = 0; i < options.Scores.Count; i++)
        {
            var kind = options.Scores[i];
            if (!variant.Scores.Contains(kind))
                yield return (i, $"variant '{variant.Name}' has no score {NameOf(kind)}; it offers {string.Join(", ", variant.Scores.Select(NameOf))}.");
            else if (options.Scores.IndexOf(kind) < i)
                yield return (i, $"found {NameOf(kind)} a second time; remove it.");
        }
    }
}
