using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Breaks one row's score down to its blocks.</summary>
internal static unsafe class RowExplanation
{
    /// <summary>Computes each block's part of a score.</summary>
    /// <param name="stack">The model.</param>
    /// <param name="row">The row and its reconstruction.</param>
    /// <param name="score">The row's score.</param>
    /// <param name="contributions">Receives one part a block.</param>
    /// <param name="hasSharedPart">True when the score has a part that belongs to no block, beside a Gaussian's divergence.</param>
    /// <remarks>
    /// The divergence of a Gaussian latent vector, or the cost of a code beside its manifold, belongs to no block. It is shared out in proportion to the blocks' own errors, so that the parts still add up.
    /// </remarks>
    public static void Attribute(DenseStack stack, ReconstructedRows row, float score, Span<float> contributions, bool hasSharedPart = false)
    {
        var blocks = stack.Layout.Blocks;
        var total = 0d;
        for (var i = 0; i < blocks.Length; i++)
        {
            contributions[i] = ReconstructionError.AddBlock<Lanes1, float>(blocks[i], i, stack.BlockWeights[i], row, 0f);
            total += contributions[i];
        }

        if (stack.KlWeight == 0 && !hasSharedPart)
            return;

        if (total > 0)
        {
            for (var i = 0; i < blocks.Length; i++)
                contributions[i] = (float)(contributions[i] * (score / total));
            return;
        }

        // Nothing was reconstructed wrongly: share the divergence among the blocks that were there.
        var present = 0;
        for (var i = 0; i < blocks.Length; i++)
            present += IsMissing(row, i) ? 0 : 1;
        for (var i = 0; i < blocks.Length; i++)
            contributions[i] = IsMissing(row, i) ? 0f : score / present;
    }

    /// <summary>Turns a network's outputs into the values it expected: means as they are, logits as probabilities.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="outputs">The network's outputs <c>[layout.Width]</c>.</param>
    /// <param name="expected">Receives the expected values <c>[layout.Width]</c>.</param>
    public static void Expect(FeatureLayout layout, float* outputs, Span<float> expected)
    {
        new ReadOnlySpan<float>(outputs, layout.Width).CopyTo(expected);
        foreach (var block in layout.Blocks)
        {
            var values = expected[block.Start..block.End];
            if (block.Kind == BlockKind.Binary)
            {
                for (var i = 0; i < values.Length; i++)
                    values[i] = ElementMath.Sigmoid<Lanes1, float>(values[i]);
            }
            else if (block.Kind == BlockKind.Category)
            {
                Softmax(values);
            }
        }
    }

    private static void Softmax(Span<float> values)
    {
        var largest = values[0];
        foreach (var value in values)
            largest = Math.Max(largest, value);

        var sum = 0f;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ElementMath.Exp<Lanes1, float>(values[i] - largest);
            sum += values[i];
        }

        for (var i = 0; i < values.Length; i++)
            values[i] /= sum;
    }

    private static bool IsMissing(ReconstructedRows row, int block) => row.Missing != null && row.Missing[block] > 0;
}
