using System.Text.Json.Serialization;

namespace AEAnomaly.Models.Scores;

/// <summary>Names what a record is judged by; docs/models.md says when to use which.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScoreKind>))]
public enum ScoreKind
{
    /// <summary>The weighted reconstruction error, as the variant itself defines it.</summary>
    Reconstruction,

    /// <summary>The reconstruction's errors whitened by their covariance on held-out rows: their squared Mahalanobis distance.</summary>
    Whitened,

    /// <summary>The negative log-likelihood in nats.</summary>
    Likelihood,

    /// <summary>The negative evidence lower bound in nats (Kingma and Welling, 2014).</summary>
    Elbo,

    /// <summary>The negative log-likelihood in nats, averaged over draws of the code (An and Cho, 2015).</summary>
    ReconstructionProbability,

    /// <summary>The negative importance-weighted bound in nats (Burda, Grosse and Salakhutdinov, 2016).</summary>
    ImportanceBound,

    /// <summary>The squared Mahalanobis distance of the latent vector from those of held-out rows.</summary>
    LatentDistance,

    /// <summary>The distance from the nearest of a bounded memory of normal rows, records compared.</summary>
    NearestNormal,

    /// <summary>As <see cref="NearestNormal"/>, errors of the reconstruction compared.</summary>
    NearestResidual,

    /// <summary>As <see cref="NearestNormal"/>, latent vectors compared.</summary>
    NearestLatent,
}
