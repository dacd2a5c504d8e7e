using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Holds the codes to the prior more strongly than the evidence lower bound does, or to a capacity that grows.</summary>
/// <remarks>
/// Added for the codes: beta KL (Higgins et al., 2017), or with a capacity C beta |mean KL of the batch - C(t)|, where C(t) rises linearly from 0 (Burgess et al., 2018).
/// </remarks>
internal sealed class BetaVariationalAutoencoder(
    BetaVariationalAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    : GaussianAutoencoder(options, layout, parameters, blockWeights, random)
{
    protected override Tensor CodeLosses(Tape? tape, Tensor mean, Tensor logVariance, Tensor codes, LossContext context)
    {
        if (options.Capacity is not { } capacity)
            return WarmKl(tape, mean, logVariance, options.Beta, context);

        var share = options.CapacityShare > 0 ? Math.Min(1, context.Progress / options.CapacityShare) : 1;
        var kl = GaussianKl.PerRow(tape, mean, logVariance);
        var distance = Arithmetic.Scale(tape, Reduction.Mean(tape, kl, 0, 0), 1, (float)(-share * capacity));
        var above = ElementWise.Apply(tape, UnaryFunction.Relu, distance);
        var below = ElementWise.Apply(tape, UnaryFunction.Relu, Arithmetic.Scale(tape, distance, -1));
        var penalty = Arithmetic.Scale(tape, Arithmetic.Add(tape, above, below), (float)options.Beta);

        // The capacity binds the batch as a whole: every row carries the batch's penalty.
        return Arithmetic.Add(tape, Arithmetic.Scale(tape, kl, 0), penalty);
    }
}
