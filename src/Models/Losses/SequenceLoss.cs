using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Judges reconstructions of windows: the mean over records of their weighted errors.</summary>
/// <param name="layout">Blocks of one record.</param>
/// <param name="weights">Weight of each block, <c>[blocks]</c>.</param>
/// <param name="window">Records of a window.</param>
internal sealed class SequenceLoss(FeatureLayout layout, Tensor weights, int window)
{
    private readonly ReconstructionLoss _perRecord = new(layout, weights);

    /// <summary>Gets the weight of each block, <c>[blocks]</c>.</summary>
    public Tensor Weights => _perRecord.Weights;

    /// <summary>Averages the errors of the last records of each window.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="output">Means and logits, <c>[rows, window features]</c>.</param>
    /// <param name="batch">Windows to be met.</param>
    /// <param name="records">Records at the end of the window that count, 1 to the window.</param>
    /// <returns>Errors, <c>[rows]</c>.</returns>
    public Tensor PerWindow(Tape? tape, Tensor output, Batch batch, int records)
    {
        var all = batch.Rows * window;
        var flat = new Shape(all, layout.Width);
        var present = batch.Present is { } flags ? Reshape.Apply(null, flags, new Shape(all, layout.BlockCount)) : null;
        var single = new Batch(Reshape.Apply(null, batch.Values, flat), present);
        var errors = Reshape.Apply(tape, _perRecord.PerRow(tape, Reshape.Apply(tape, output, flat), single), new Shape(batch.Rows, window));
        if (records < window)
            errors = Columns.Slice(tape, errors, window - records, records);
        return Reduction.Mean(tape, errors, 1, 1);
    }
}
