using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows with trained weights that no longer change.</summary>
/// <remarks>
/// Immutable and thread-safe; each thread brings its own <see cref="ScoringScratch"/>. A row's score is bit-identical for any batch size, position in the batch
/// and thread count, and independent of the vector width of the machine.
/// </remarks>
public abstract class FrozenModel
{
    /// <summary>Gets the layout of the rows the model was trained on.</summary>
    public abstract FeatureLayout Layout { get; }

    /// <summary>Gets the width of the latent vector.</summary>
    public abstract int LatentWidth { get; }

    /// <summary>Creates working memory for one thread.</summary>
    public abstract ScoringScratch CreateScratch();

    /// <summary>Scores rows; higher is more anomalous. Allocates nothing.</summary>
    /// <param name="rows">Row-major <c>[scores.Length, Layout.Width]</c>, finite.</param>
    /// <param name="missing">Row-major <c>[scores.Length, Layout.BlockCount]</c>, 1 where the field was missing; empty when no field of any row is.</param>
    /// <param name="scores">Receives one score a row, at least 0.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/> of this model.</param>
    /// <exception cref="ArgumentException">A span's length does not fit, or the scratch belongs to another model.</exception>
    public abstract void Score(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch);

    /// <summary>Explains one row: which block contributed what to its score, and what the model expected instead.</summary>
    /// <param name="row">Features <c>[Layout.Width]</c>.</param>
    /// <param name="missing">Flags <c>[Layout.BlockCount]</c>, or empty.</param>
    /// <param name="contributions">Receives each block's part of the score <c>[Layout.BlockCount]</c>; they sum to the score within float rounding. A missing block contributes 0.</param>
    /// <param name="expected">Receives the reconstruction <c>[Layout.Width]</c> in the encoded space: the mean of real features, probabilities of binary and category features.</param>
    /// <param name="latent">Receives the latent vector <c>[LatentWidth]</c>.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/> of this model.</param>
    /// <returns>The row's score, bit-identical to what <see cref="Score"/> gives.</returns>
    public abstract float Explain(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        ScoringScratch scratch);
}
