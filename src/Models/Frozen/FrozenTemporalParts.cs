namespace AEAnomaly.Models.Frozen;

/// <summary>Holds what a <see cref="FrozenTemporalModel"/> is made of; see <see cref="Variants.Temporal.TemporalDifferenceVae"/> for the formulas.</summary>
/// <param name="Window">Records of a window.</param>
/// <param name="Jump">Longest jump.</param>
/// <param name="Memory">Recurrent unit whose state is the belief.</param>
/// <param name="Belief">p_B, one map a level.</param>
/// <param name="Smoothing">q, one map a level.</param>
/// <param name="Transition">p_T, one map a level.</param>
/// <param name="Decoder">From a state to what the likelihood reads.</param>
/// <param name="Likelihood">p_D.</param>
/// <param name="Signs">Fixed draws, <c>[pairs, 2 latent]</c>: those of the later state, then those of the earlier one.</param>
/// <param name="Reference">Negative bound of a likely normal window.</param>
internal sealed record FrozenTemporalParts(
    int Window,
    int Jump,
    FrozenGru Memory,
    FrozenGatedGaussian[] Belief,
    FrozenGatedGaussian[] Smoothing,
    FrozenGatedGaussian[] Transition,
    DenseLayer[] Decoder,
    FrozenMixedLikelihood Likelihood,
    float[] Signs,
    float Reference)
{
    /// <summary>Gets the width of a state, all levels together.</summary>
    public int Latent { get; } = Belief.Sum(map => map.Width);

    /// <summary>Gets the pairs of opposite draws.</summary>
    public int Pairs => Signs.Length / (2 * Latent);
}
