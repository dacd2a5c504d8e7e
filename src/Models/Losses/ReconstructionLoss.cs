using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Losses;

/// <summary>Judges reconstructions of mixed data: sum over the blocks of weight times error, missing blocks left out.</summary>
/// <param name="layout">Blocks of a row.</param>
/// <param name="weights">Weight of each block, <c>[blocks]</c>.</param>
internal sealed class ReconstructionLoss(FeatureLayout layout, Tensor weights)
{
    /// <summary>Gets the weight of each block, <c>[blocks]</c>.</summary>
    public Tensor Weights { get; } = weights;

    /// <summary>Computes the weighted error of each row.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="output">Means and logits, <c>[rows, features]</c>.</param>
    /// <param name="batch">Rows to be met.</param>
    /// <returns>Errors, <c>[rows]</c>.</returns>
    public Tensor PerRow(Tape? tape, Tensor output, Batch batch)
    {
        var errors = BlockErrors.Apply(tape, layout, output, batch.Values);
        if (batch.Present is { } present)
            errors = Arithmetic.Multiply(tape, errors, present);
        return Reduction.Sum(tape, Arithmetic.Multiply(tape, errors, Weights), 1, 1);
    }
}
