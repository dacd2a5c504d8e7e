using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Losses;

namespace AEAnomaly.Models.Frozen;

/// <summary>Judges one record by what was decoded for it; see <see cref="MixedLikelihood"/> for the formulas.</summary>
/// <param name="layout">Blocks of a record.</param>
/// <param name="likelihood">Where what was decoded lies, and the bound of the log-deviations.</param>
/// <param name="vectors">Vector registers to use.</param>
internal sealed unsafe class FrozenMixedLikelihood(FeatureLayout layout, MixedLikelihood likelihood, VectorWidth vectors)
{
    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    private readonly LayoutParts _parts = likelihood.Parts;
    private readonly float _bound = likelihood.Bound;
    private readonly int[] _starts = Starts(layout, likelihood.Parts);

    public int OutputWidth { get; } = likelihood.OutputWidth;

    /// <summary>Computes -log p of a record, nats.</summary>
    /// <param name="decoded">What was decoded <c>[OutputWidth]</c>; its log-deviations are replaced by bounded ones.</param>
    /// <param name="record">The record <c>[layout.Width]</c>.</param>
    /// <param name="missing">Flags <c>[layout.BlockCount]</c>, or empty.</param>
    /// <param name="precisions">Working memory <c>[layout.Width]</c>.</param>
    public double Energy(Span<float> decoded, ReadOnlySpan<float> record, ReadOnlySpan<byte> missing, Span<float> precisions)
    {
        Bound(decoded, precisions);
        var sum = 0.0;
        fixed (float* outputs = decoded, targets = record)
        {
            for (var b = 0; b < layout.BlockCount; b++)
            {
                if (!missing.IsEmpty && missing[b] != 0)
                    continue;

                var block = layout.Blocks[b];
                if (block.Kind == BlockKind.Real)
                {
                    sum += HalfSquares(b, decoded, record, precisions) + (block.Width * HalfLogTwoPi);
                    for (var j = 0; j < block.Width; j++)
                        sum += decoded[_parts.RealWidth + _starts[b] + j];
                    continue;
                }

                var rows = new ReconstructedRows(outputs + _starts[b] - block.Start, targets, null, 1);
                sum += ReconstructionError.AddBlock<Lanes1, float>(block, b, 1f, rows, 0f);
            }
        }

        return sum;
    }

    /// <summary>Adds to each present block's cost what its likelihood loses against that of the likeliest values.</summary>
    /// <param name="decoded">What was decoded, as for <see cref="Energy"/>.</param>
    /// <param name="record">The record.</param>
    /// <param name="missing">Flags, or empty.</param>
    /// <param name="precisions">Working memory.</param>
    /// <param name="costs">One cost a block.</param>
    public void AddCosts(Span<float> decoded, ReadOnlySpan<float> record, ReadOnlySpan<byte> missing, Span<float> precisions, Span<double> costs)
    {
        Bound(decoded, precisions);
        for (var b = 0; b < layout.BlockCount; b++)
        {
            if (!missing.IsEmpty && missing[b] != 0)
                continue;

            var block = layout.Blocks[b];
            if (block.Kind == BlockKind.Real)
            {
                costs[b] += HalfSquares(b, decoded, record, precisions);
                continue;
            }

            // What normalises the probabilities is the same for the observed and for the likeliest values.
            var (observed, likeliest) = (0.0, block.Kind == BlockKind.Binary ? 0.0 : double.NegativeInfinity);
            for (var j = 0; j < block.Width; j++)
            {
                double logit = decoded[_starts[b] + j];
                observed += record[block.Start + j] * logit;
                likeliest = block.Kind == BlockKind.Binary ? likeliest + Math.Max(logit, 0) : Math.Max(likeliest, logit);
            }

            costs[b] += Math.Max(0, likeliest - observed);
        }
    }

    /// <summary>Writes the expected record: means and probabilities.</summary>
    /// <param name="decoded">What was decoded.</param>
    /// <param name="outputs">Working memory <c>[layout.Width]</c>.</param>
    /// <param name="expected">Receives the record.</param>
    public void Expect(ReadOnlySpan<float> decoded, Span<float> outputs, Span<float> expected)
    {
        for (var b = 0; b < layout.BlockCount; b++)
            decoded.Slice(_starts[b], layout.Blocks[b].Width).CopyTo(outputs[layout.Blocks[b].Start..]);
        fixed (float* first = outputs)
            RowExplanation.Expect(layout, first, expected);
    }

    private void Bound(Span<float> decoded, Span<float> precisions) => RowMajorLayers.BoundedExp(
        decoded.Slice(_parts.RealWidth, _parts.RealWidth), precisions, _bound, -1, vectors);

    private double HalfSquares(int b, ReadOnlySpan<float> decoded, ReadOnlySpan<float> record, ReadOnlySpan<float> precisions)
    {
        var (sum, block) = (0.0, layout.Blocks[b]);
        for (var j = 0; j < block.Width; j++)
        {
            double residual = (decoded[_starts[b] + j] - record[block.Start + j]) * precisions[_starts[b] + j];
            sum += residual * residual;
        }

        return sum / 2;
    }

    // Where the means or logits of each block were decoded.
    private static int[] Starts(FeatureLayout layout, LayoutParts parts)
    {
        var (starts, real, discrete) = (new int[layout.BlockCount], 0, 2 * parts.RealWidth);
        for (var b = 0; b < starts.Length; b++)
        {
            ref var next = ref layout.Blocks[b].Kind == BlockKind.Real ? ref real : ref discrete;
            starts[b] = next;
            next += layout.Blocks[b].Width;
        }

        return starts;
    }
}
