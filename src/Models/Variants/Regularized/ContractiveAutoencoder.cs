using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Variants.Regularized;

/// <summary>Learns codes that change little with the row; only directions in which normal rows differ are worth their penalty.</summary>
/// <remarks>
/// Loss of a row: reconstruction error + weight ||dh/dx||². With one layer of sigmoid units h = sigmoid(W x + b) the norm is exact and cheap:
/// sum_j (h_j (1 - h_j))² sum_i W_ji².
/// </remarks>
internal sealed class ContractiveAutoencoder(
    ContractiveAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    : DenseAutoencoder(options, layout, parameters, blockWeights, random, Activation.Sigmoid)
{
    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var codes = Encode(tape, batch.Values);
        var penalty = Arithmetic.Scale(tape, JacobianNorms(tape, codes), (float)options.JacobianWeight);
        return Arithmetic.Add(tape, Errors(tape, codes, batch), penalty);
    }

    /// <summary>Computes the squared Frobenius norm of the encoder's Jacobian at each row, <c>[rows]</c>.</summary>
    public Tensor JacobianNorms(Tape? tape, Tensor codes)
    {
        var slopes = Arithmetic.Multiply(tape, codes, Arithmetic.Scale(tape, codes, -1, 1));
        var squares = ElementWise.Apply(tape, UnaryFunction.Square, slopes);
        var weights = Reduction.Sum(tape, ElementWise.Apply(tape, UnaryFunction.Square, Encoder.Layers[0].Weight), 1, 1);
        return Reduction.Sum(tape, Arithmetic.Multiply(tape, squares, weights), 1, 1);
    }
}
