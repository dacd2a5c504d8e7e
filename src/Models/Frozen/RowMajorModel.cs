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

    internal override void Read(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, int count, RowReadings readings, ScoringScratch scratch)
    {
        var own = (TScratch)scratch;
        Span<float> unwanted = stackalloc float[ChunkRows];
        for (var done = 0; done < count; done += ChunkRows)
        {
            var chunk = Math.Min(ChunkRows, count - done);
            var flags = missing.IsEmpty ? default : missing.Slice(done * Layout.BlockCount, chunk * Layout.BlockCount);
            var scores = readings.Scores.IsEmpty ? unwanted[..chunk] : readings.Scores.Slice(done, chunk);
            ScoreChunk(rows.Slice(done * Layout.Width, chunk * Layout.Width), flags, scores, own);
            var outputs = readings.Outputs.IsEmpty ? default : readings.Outputs.Slice(done * Layout.Width, chunk * Layout.Width);
            var latent = readings.Latent.IsEmpty ? default : readings.Latent.Slice(done * LatentWidth, chunk * LatentWidth);
            ReadScored(chunk, outputs, latent, own);
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

    /// <summary>Hands out reconstructions and latent vectors of the rows that were just scored with the same scratch; each span may be empty.</summary>
    /// <exception cref="NotSupportedException">The model has none to hand out.</exception>
    protected abstract void ReadScored(int count, Span<float> outputs, Span<float> latent, TScratch scratch);

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
