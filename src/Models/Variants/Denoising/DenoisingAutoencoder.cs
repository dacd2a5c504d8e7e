using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Learns to restore clean rows from corrupted ones; scores rows as they come.</summary>
/// <remarks>
/// Loss of a row: sum_b weight_b error_b(decode(encode(corrupt(x))), x). What is restored is E[x | corrupted x], so that the reconstruction of a row points
/// towards where rows are dense, and no bottleneck is needed to keep the network from copying.
/// </remarks>
internal sealed class DenoisingAutoencoder(
    DenoisingAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    : DenseAutoencoder(
        options, layout, parameters, blockWeights, random, Activation.Relu, NetworkWidths.DecoderOfWideCode(options, layout.Width, options.Latent!.Value))
{
    private readonly Corruption _corruption = new(options, layout);

    protected override bool RowsAreIndependent => true;

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context) =>
        Errors(tape, Encode(tape, _corruption.Apply(batch.Values, context.Noise)), batch);
}
