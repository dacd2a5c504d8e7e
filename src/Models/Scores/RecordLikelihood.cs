using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores;

/// <summary>Computes -log p(x | output) in nats: real features are Gaussian around their means, each with a variance of its own; flags and categories have the probabilities of their logits.</summary>
/// <remarks>
/// The variance of a feature is the mean squared error of held-out rows, the value that makes them likeliest (Rybkin, Daniilidis and Levine, "Simple and Effective VAE
/// Training with Calibrated Decoders", ICML 2021), with one imagined row at the mean of all features and never below a thousandth of that.
/// </remarks>
internal sealed class RecordLikelihood
{
    private const double LeastShare = 1e-3;
    private const double LeastVariance = 1e-8;

    private readonly FeatureLayout _layout;
    private readonly float[] _variances;
    private readonly double[] _precisions;
    private readonly double[] _constants;

    /// <summary>Creates the likelihood.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="variances">Variance of each real feature, greater than 0; what stands for other features is not read. <c>[layout.Width]</c>.</param>
    public RecordLikelihood(FeatureLayout layout, float[] variances)
    {
        _layout = layout;
        _variances = variances;
        _precisions = [.. variances.Select(variance => 0.5 / variance)];
        _constants = new double[layout.BlockCount];
        for (var b = 0; b < layout.BlockCount; b++)
        {
            for (var j = layout.Blocks[b].Start; j < layout.Blocks[b].End && layout.Blocks[b].Kind == BlockKind.Real; j++)
                _constants[b] += 0.5 * Math.Log(2 * Math.PI * variances[j]);
        }
    }

    /// <summary>Gets the variances <c>[layout.Width]</c>.</summary>
    public ReadOnlySpan<float> Variances => _variances;

    /// <summary>Fits the variances.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="squares">Sum of squared errors of each feature <c>[layout.Width]</c>.</param>
    /// <param name="counts">Errors that were summed for each block <c>[layout.BlockCount]</c>.</param>
    public static RecordLikelihood Fit(FeatureLayout layout, double[] squares, double[] counts)
    {
        var (total, features) = (0.0, 0);
        for (var b = 0; b < layout.BlockCount; b++)
        {
            for (var j = layout.Blocks[b].Start; j < layout.Blocks[b].End && layout.Blocks[b].Kind == BlockKind.Real && counts[b] > 0; j++, features++)
                total += squares[j] / counts[b];
        }

        var mean = features > 0 ? Math.Max(total / features, LeastVariance) : 1;
        var variances = new float[layout.Width];
        for (var b = 0; b < layout.BlockCount; b++)
        {
            for (var j = layout.Blocks[b].Start; j < layout.Blocks[b].End; j++)
                variances[j] = layout.Blocks[b].Kind == BlockKind.Real ? (float)Math.Max((squares[j] + mean) / (counts[b] + 1), LeastShare * mean) : 1;
        }

        return new RecordLikelihood(layout, variances);
    }

    /// <summary>Takes a likelihood back.</summary>
    public static RecordLikelihood Take(ScoreStore store, string name, FeatureLayout layout) =>
        new(layout, store.Take($"{name}.variances", new Shape(layout.Width)));

    /// <summary>Keeps the variances.</summary>
    public void Keep(ScoreStore store, string name) => store.Put($"{name}.variances", new Shape(_layout.Width), _variances);

    /// <summary>Adds the squared errors of reconstructed rows to what <see cref="Fit"/> takes.</summary>
    public static void AddSquares(NormalRows rows, int first, ReadOnlySpan<float> outputs, double[] squares, double[] counts)
    {
        var (layout, width) = (rows.Layout, rows.Layout.Width);
        for (var row = 0; row < outputs.Length / width; row++)
        {
            for (var b = 0; b < layout.BlockCount; b++)
            {
                if (!rows.IsPresent(first + row, b))
                    continue;
                counts[b]++;
                for (var j = layout.Blocks[b].Start; j < layout.Blocks[b].End; j++)
                {
                    var error = (double)rows.Values[((first + row) * width) + j] - outputs[(row * width) + j];
                    squares[j] += error * error;
                }
            }
        }
    }

    /// <summary>Computes -log p of one row; a missing block adds nothing.</summary>
    /// <param name="values">Features.</param>
    /// <param name="missing">Flags, or empty.</param>
    /// <param name="outputs">Means and logits.</param>
    public double Energy(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, ReadOnlySpan<float> outputs)
    {
        var sum = 0.0;
        for (var b = 0; b < _constants.Length; b++)
        {
            if (missing.IsEmpty || missing[b] == 0)
                sum += _constants[b] + Cost(b, values, outputs);
        }

        return sum;
    }

    /// <summary>Computes what one block's value costs beyond the likeliest: half its squared error over the variance, or its cross-entropy.</summary>
    public double Cost(int index, ReadOnlySpan<float> values, ReadOnlySpan<float> outputs)
    {
        var block = _layout.Blocks[index];
        if (block.Kind != BlockKind.Real)
            return CrossEntropy(block, index, values, outputs);

        var sum = 0.0;
        for (var j = block.Start; j < block.End; j++)
        {
            var error = (double)values[j] - outputs[j];
            sum += _precisions[j] * error * error;
        }

        return sum;
    }

    private static unsafe float CrossEntropy(FeatureBlock block, int index, ReadOnlySpan<float> values, ReadOnlySpan<float> outputs)
    {
        fixed (float* target = values, output = outputs)
            return ReconstructionError.AddBlock<Lanes1, float>(block, index, 1f, new ReconstructedRows(output, target, null, 1), 0f);
    }
}
