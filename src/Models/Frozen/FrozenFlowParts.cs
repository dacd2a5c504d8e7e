using AEAnomaly.Models.Losses;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds what <see cref="FrozenFlowModel"/> is made of.</summary>
/// <param name="Parts">Real features and the others.</param>
/// <param name="Trunk">Hidden layers of the encoder.</param>
/// <param name="Heads">Layers that give each level's means and raw logarithms of variances.</param>
/// <param name="HeadInputs">Index of the trunk layer each head reads; -1 for the row.</param>
/// <param name="Decoder">Layers from the codes to means, raw log-deviations and logits.</param>
/// <param name="Flow">Flow of the real features, or null when there is none.</param>
/// <param name="MaxLogVariance">Bound of a code's log-variance.</param>
/// <param name="MaxLogDeviation">Bound of the decoder's log-deviations.</param>
/// <param name="Reference">Negative log-likelihood of a likely normal row.</param>
internal sealed record FrozenFlowParts(
    LayoutParts Parts,
    DenseLayer[] Trunk,
    DenseLayer[] Heads,
    int[] HeadInputs,
    DenseLayer[] Decoder,
    FrozenFlow? Flow,
    float MaxLogVariance,
    float MaxLogDeviation,
    float Reference);
