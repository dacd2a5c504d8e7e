using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Measures how likely mixed records are, every feature independent given what was decoded.</summary>
/// <remarks>
/// Real: -log N(x; m, exp(2 s)) = ((x - m) exp(-s))² / 2 + s + log(2 pi) / 2, the log-deviation s bounded to +-bound. Binary and category blocks: their
/// cross-entropy. A missing block costs nothing. Blocks are not weighted, as a likelihood has no weights.
/// </remarks>
/// <param name="layout">Blocks of a record.</param>
/// <param name="bound">Bound of the log-deviations, above 0.</param>
internal sealed class MixedLikelihood(FeatureLayout layout, float bound)
{
    public LayoutParts Parts { get; } = new(layout);

    public float Bound => bound;

    /// <summary>Gets the columns to decode: means of the real features, their log-deviations before they are bounded, logits of the others.</summary>
    public int OutputWidth => (2 * Parts.RealWidth) + Parts.DiscreteWidth;

    /// <summary>Computes -log p of each record, nats.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="decoded"><c>[rows, OutputWidth]</c>.</param>
    /// <param name="records">Records to be met.</param>
    /// <returns><c>[rows]</c>.</returns>
    public Tensor PerRow(Tape? tape, Tensor decoded, Batch records)
    {
        var result = decoded.Device.CreateZeros(new Shape(records.Rows));
        if (Parts.RealWidth > 0)
            result = Arithmetic.Add(tape, result, Real(tape, decoded, records));
        if (Parts.Discrete is not null)
            result = Arithmetic.Add(tape, result, Parts.CrossEntropies(tape, Columns.Slice(tape, decoded, 2 * Parts.RealWidth, Parts.DiscreteWidth), records));
        return result;
    }

    private Tensor Real(Tape? tape, Tensor decoded, Batch records)
    {
        var present = records.Present is { } flags ? Parts.SpreadReal(flags) : null;
        var (residuals, costs) = GaussianResiduals.Apply(tape, decoded, Parts.TakeReal(records.Values), present, bound);
        return Arithmetic.Add(tape, HalfSquares.Apply(tape, residuals), costs);
    }
}
