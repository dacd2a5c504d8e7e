using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Variants.Regularized;

/// <summary>Learns codes of sigmoid units that are mostly silent.</summary>
/// <remarks>Loss of a row: reconstruction error + weight sum_j KL(target || mean activation of unit j over the batch).</remarks>
internal sealed class SparseAutoencoder(
    SparseAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    : DenseAutoencoder(options, layout, parameters, blockWeights, random, Activation.Sigmoid)
{
    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var codes = Encode(tape, batch.Values);
        var penalty = BernoulliKl.OfMeans(tape, codes, options.TargetActivation);
        return Arithmetic.Add(tape, Errors(tape, codes, batch), Arithmetic.Scale(tape, penalty, (float)options.SparsityWeight));
    }
}
