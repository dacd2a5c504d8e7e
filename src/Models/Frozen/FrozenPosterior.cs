using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Computes the Gaussian of a row's code and decodes draws from it.</summary>
/// <param name="encoder">Layers from a row to the means and then the unbounded logarithms of the variances.</param>
/// <param name="decoder">Layers from a code to means and logits.</param>
/// <param name="maxLogVariance">Bound of the logarithms of the variances.</param>
internal sealed class FrozenPosterior(DenseLayer[] encoder, DenseLayer[] decoder, float maxLogVariance)
{
    private readonly int _widest = Math.Max(encoder.Max(layer => layer.Outputs), decoder.Max(layer => layer.Outputs));

    /// <summary>Gets the width of a code.</summary>
    public int LatentWidth { get; } = encoder[^1].Outputs / 2;

    /// <summary>Gets the width of a row.</summary>
    public int Width { get; } = decoder[^1].Outputs;

    /// <summary>Gets the floats of working memory that so many rows take.</summary>
    public int WorkFloats(int rows) => rows * 2 * _widest;

    /// <summary>Computes means and logarithms of variances.</summary>
    /// <param name="values">Rows <c>[rows, Width]</c>.</param>
    /// <param name="heads">Receives <c>[rows, 2 LatentWidth]</c>: means, then logarithms of the variances.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public void Encode(ReadOnlySpan<float> values, Span<float> heads, int rows, Span<float> work)
    {
        var half = rows * _widest;
        RowMajorLayers.Run(encoder, values, work[..half], work.Slice(half, half), rows, VectorWidths.Widest).CopyTo(heads);
        for (var row = 0; row < rows; row++)
        {
            foreach (ref var logVariance in heads.Slice(((row * 2) + 1) * LatentWidth, LatentWidth))
                logVariance = RowMajorLayers.Bounded(logVariance, maxLogVariance);
        }
    }

    /// <summary>Draws one code a row and decodes it.</summary>
    /// <param name="heads">From <see cref="Encode"/>.</param>
    /// <param name="noise">Standard normal draw <c>[LatentWidth]</c>, the same for every row.</param>
    /// <param name="codes">Receives the codes <c>[rows, LatentWidth]</c>.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>; holds what is returned.</param>
    /// <returns>Means and logits <c>[rows, Width]</c>.</returns>
    public ReadOnlySpan<float> Decode(ReadOnlySpan<float> heads, ReadOnlySpan<float> noise, Span<float> codes, int rows, Span<float> work)
    {
        for (var row = 0; row < rows; row++)
        {
            var head = heads.Slice(row * 2 * LatentWidth, 2 * LatentWidth);
            for (var j = 0; j < LatentWidth; j++)
                codes[(row * LatentWidth) + j] = head[j] + (RowMajorLayers.Exp(0.5f * head[LatentWidth + j]) * noise[j]);
        }

        var half = rows * _widest;
        return RowMajorLayers.Run(decoder, codes, work[..half], work.Slice(half, half), rows, VectorWidths.Widest);
    }
}
