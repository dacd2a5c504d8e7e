namespace AEAnomaly.Models.Scores;

/// <summary>States what of a row a score reads beside the row itself.</summary>
[Flags]
internal enum ScoreNeeds
{
    /// <summary>Nothing else.</summary>
    None = 0,

    /// <summary>The model's own score.</summary>
    Own = 1,

    /// <summary>The reconstruction: means and logits.</summary>
    Outputs = 2,

    /// <summary>The errors of the reconstruction, feature by feature; see <see cref="ResidualVector"/>.</summary>
    Residuals = 4,

    /// <summary>The latent vector.</summary>
    Latent = 8,
}
