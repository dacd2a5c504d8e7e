using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Networks;

/// <summary>Pairs a loss with the parameters that follow its gradient; everything else is held fixed.</summary>
/// <param name="Parameters">Parameters to update.</param>
/// <param name="RowLosses">Computes the loss of each row, <c>[rows]</c>; see <see cref="Network.RowLosses"/>.</param>
/// <param name="RowsAreIndependent">
/// True when the loss of a row does not depend on the other rows of its batch, and nothing is created but on the device of the batch: then parts of a batch may go
/// through <paramref name="RowLosses"/> one by one, and at the same time.
/// </param>
/// <param name="TrimsWorstRows">True to leave the worst rows out; false where every row counts, as for a discriminator, whose estimate would be biased.</param>
internal sealed record TrainingObjective(
    IReadOnlyList<Parameter> Parameters, Func<Tape?, Batch, LossContext, Tensor> RowLosses, bool RowsAreIndependent = false, bool TrimsWorstRows = true);
