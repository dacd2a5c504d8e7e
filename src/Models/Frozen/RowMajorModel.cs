using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows some at a time, row-major, for networks that are more than one stack of layers.</summary>
/// <typeparam name="TScratch">Working memory of the model.</typeparam>
/// <remarks>
/// Products run through <see cref="MatrixKernels"/>, whose sums have the same bits for every row position and vector width; what follows is computed one float at a
/// time, so that a row's score depends on nothing but the row.
/// </remarks>
internal abstract class RowMajorModel<TScratch>(FeatureLayout layout) : FrozenModel
    where TScratch : RowMajorScratch
{
    /// <summary>Most rows of one pass.</summary>
    public const int ChunkRows = 64;

    public override FeatureLayout Layout { get; } = layout;

    private protected override void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        var own = (TScratch)scratch;
        for (var done = 0; done < scores.Length; done += ChunkRows)
        {
            var count = Math.Min(ChunkRows, scores.Length - done);
            var flags = missing.IsEmpty ? default : missing.Slice(done * Layout.BlockCount, count * Layout.BlockCount);
            ScoreChunk(rows.Slice(done * Layout.Width, count * Layout.Width), flags, scores.Slice(done, count), own);
        }
    }

    private protected override float ExplainRow(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        ScoringScratch scratch)
    {
        var own = (TScratch)scratch;
        Span<float> score = stackalloc float[1];
        ScoreChunk(row, missing, score, own);
        ExplainScored(row, missing, score[0], contributions, expected, latent, own);
        return score[0];
    }

    /// <summary>Scores at most <see cref="ChunkRows"/> rows.</summary>
    protected abstract void ScoreChunk(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, TScratch scratch);

    /// <summary>Explains the one row that was just scored with the same scratch.</summary>
    protected abstract void ExplainScored(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        float score,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        TScratch scratch);
}
