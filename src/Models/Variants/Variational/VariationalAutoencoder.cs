using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Learns by the evidence lower bound: reconstruction and divergence of the codes from the prior.</summary>
/// <remarks>Added for the codes: KL weight KL(N(mu, sigma²) || N(0, 1)); with weight 1 the loss is the negative bound up to a constant.</remarks>
internal sealed class VariationalAutoencoder(
    VariationalAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    : GaussianAutoencoder(options, layout, parameters, blockWeights, random)
{
    protected override Tensor CodeLosses(Tape? tape, Tensor mean, Tensor logVariance, Tensor codes, LossContext context) =>
        WarmKl(tape, mean, logVariance, options.KlWeight, context);
}
