using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Judges reconstructions of mixed data: sum over the blocks of weight times error, missing blocks left out.</summary>
/// <param name="layout">Blocks of a row.</param>
/// <param name="weights">Weight of each block, <c>[blocks]</c>.</param>
internal sealed class ReconstructionLoss(FeatureLayout layout, Tensor weights)
{
    /// <summary>Gets the weight of each block, <c>[blocks]</c>.</summary>
    public Tensor Weights { get; } = weights;

    /// <summary>Creates the loss with its weights stored as the constant parameter loss.block_weights.</summary>
    /// <param name="layout">Blocks of a row.</param>
    /// <param name="parameters">Set to create the parameter in.</param>
    /// <param name="blockWeights">Weight of each block; ignored where the parameters come from a file.</param>
    public static ReconstructionLoss Create(FeatureLayout layout, ParameterSet parameters, float[] blockWeights) =>
        new(layout, parameters.Create(
            "loss.block_weights",
            new Shape(layout.BlockCount),
            ParameterRole.Constant,
            weights => blockWeights.CopyTo(weights)));

    /// <summary>Computes the weighted error of each row.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="output">Means and logits, <c>[rows, features]</c>.</param>
    /// <param name="batch">Rows to be met.</param>
    /// <returns>Errors, <c>[rows]</c>.</returns>
    public Tensor PerRow(Tape? tape, Tensor output, Batch batch) => RowErrors.Apply(tape, layout, output, batch.Values, Weights, batch.Present);
}
