using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Encodes and decodes by one matrix each; on real fields the optimum spans the subspace of the leading principal components of the weighted features.</summary>
internal sealed class LinearAutoencoder(
    LinearAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    : DenseAutoencoder(options, layout, parameters, blockWeights, random, Activation.Identity)
{
    protected override bool RowsAreIndependent => true;
}
