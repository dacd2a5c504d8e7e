using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Neighbors;

namespace AEAnomaly.Models.Scores;

/// <summary>Computes the errors of reconstructions feature by feature: x - y of real features, x - p of flags, and of categories what was observed (0 or 1) minus its probability.</summary>
/// <remarks>Each is what the gradient of the block's log-likelihood by the network's output is made of. A missing block's errors are 0.</remarks>
/// <param name="layout">Layout of a row.</param>
internal sealed class ResidualVector(FeatureLayout layout)
{
    private readonly FeatureBlock[] _discrete = [.. layout.Blocks.ToArray().Where(block => block.Kind != BlockKind.Real)];
    private readonly int _discreteWidth = layout.Blocks.ToArray().Where(block => block.Kind != BlockKind.Real).Sum(block => block.Width);

    /// <summary>Gets the floats of working memory.</summary>
    public int WorkFloats => _discreteWidth;

    /// <summary>Computes the errors of rows.</summary>
    /// <param name="values">Rows <c>[count, layout.Width]</c>.</param>
    /// <param name="missing">Flags <c>[count, layout.BlockCount]</c>, or empty.</param>
    /// <param name="outputs">Reconstructions <c>[count, layout.Width]</c>: means and logits.</param>
    /// <param name="residuals">Receives <c>[count, layout.Width]</c>.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public void Compute(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, ReadOnlySpan<float> outputs, Span<float> residuals, Span<float> work)
    {
        RowSums.Subtract(values, outputs, residuals);
        for (var start = 0; start < values.Length && _discrete.Length > 0; start += layout.Width)
            Discrete(values.Slice(start, layout.Width), outputs.Slice(start, layout.Width), residuals.Slice(start, layout.Width), work[.._discreteWidth]);

        Centring.ClearMissing(layout, missing, residuals);
    }

    private void Discrete(ReadOnlySpan<float> values, ReadOnlySpan<float> outputs, Span<float> residuals, Span<float> exponentials)
    {
        var at = 0;
        foreach (var block in _discrete)
        {
            var logits = outputs[block.Start..block.End];
            var arguments = exponentials.Slice(at, block.Width);
            at += block.Width;
            var largest = block.Kind == BlockKind.Category ? Largest(logits) : 0;
            for (var j = 0; j < logits.Length; j++)
                arguments[j] = block.Kind == BlockKind.Category ? logits[j] - largest : -Math.Abs(logits[j]);
        }

        ElementKernels.Exp(exponentials);
        at = 0;
        foreach (var block in _discrete)
        {
            var powers = exponentials.Slice(at, block.Width);
            at += block.Width;
            var sum = 0f;
            foreach (var power in powers)
                sum += power;
            for (var j = 0; j < powers.Length; j++)
            {
                var feature = block.Start + j;
                var probability = block.Kind == BlockKind.Category
                    ? powers[j] / sum
                    : (outputs[feature] > 0 ? 1 : powers[j]) / (1 + powers[j]);
                residuals[feature] = values[feature] - probability;
            }
        }
    }

    private static float Largest(ReadOnlySpan<float> values)
    {
        var largest = values[0];
        foreach (var value in values)
            largest = Math.Max(largest, value);
        return largest;
    }
}
