using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Learns by the reconstruction error alone; a narrow code keeps it from copying.</summary>
/// <remarks>
/// The code is bounded by tanh: hidden ReLU layers extrapolate without limit, and a free code would carry a value of ten standard deviations through to the output,
/// where it is missed. Measured on ten open sets: + 1 to 3 AUC-PR against a linear code.
/// </remarks>
internal sealed class Autoencoder(
    AutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    : DenseAutoencoder(options, layout, parameters, blockWeights, random, Activation.Tanh)
{
    protected override bool RowsAreIndependent => true;
}
