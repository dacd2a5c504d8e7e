using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds a <see cref="GatedGaussian"/> for scoring; its parts lie apart so that each is computed on whole registers.</summary>
/// <param name="Candidate">From the context to what tanh is applied to.</param>
/// <param name="Gate">From the context to what the logistic function is applied to.</param>
/// <param name="Mean">From the gated layer to the means.</param>
/// <param name="LogVariance">From the gated layer to the logarithms of the variances before they are bounded.</param>
internal sealed record FrozenGatedGaussian(DenseLayer Candidate, DenseLayer Gate, DenseLayer Mean, DenseLayer LogVariance)
{
    /// <summary>Gets the coordinates of the Gaussian.</summary>
    public int Width => Mean.Outputs;

    /// <summary>Copies a map.</summary>
    public static FrozenGatedGaussian Of(GatedGaussian map)
    {
        var (hidden, width) = (map.Hidden.Bias.Count / 2, map.Output.Bias.Count / 2);
        return new FrozenGatedGaussian(
            RowMajorLayers.TakePart(map.Hidden, 0, hidden),
            RowMajorLayers.TakePart(map.Hidden, hidden, hidden),
            RowMajorLayers.TakePart(map.Output, 0, width),
            RowMajorLayers.TakePart(map.Output, width, width));
    }

    /// <summary>Computes the Gaussians of some contexts.</summary>
    /// <param name="context"><c>[rows, inputs]</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="factor">Factor f of the exponentials e^(f log variance): 0.5 for deviations, -1 for precisions.</param>
    /// <param name="result">Receives the Gaussians.</param>
    /// <param name="vectors">Vector registers to use.</param>
    public void Apply(ReadOnlySpan<float> context, int rows, float factor, FrozenGaussians result, VectorWidth vectors)
    {
        var candidate = result.Candidate.AsSpan(0, rows * Candidate.Outputs);
        var gate = result.Gate.AsSpan(0, rows * Gate.Outputs);
        RowMajorLayers.Run(Candidate, context, candidate, rows, vectors);
        RowMajorLayers.Run(Gate, context, gate, rows, vectors);
        ElementKernels.Tanh(candidate);
        ElementKernels.Sigmoid(gate);
        for (var i = 0; i < candidate.Length; i++)
            candidate[i] *= gate[i];

        RowMajorLayers.Run(Mean, candidate, result.Means, rows, vectors);
        RowMajorLayers.Run(LogVariance, candidate, result.LogVariances, rows, vectors);
        RowMajorLayers.BoundedExp(
            result.LogVariances.AsSpan(0, rows * Width), result.Exponentials, GatedGaussian.MaxLogVariance, factor, vectors);
    }
}
