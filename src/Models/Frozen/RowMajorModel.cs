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

    public override void Score(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        var own = Own(scratch);
        var (width, blocks) = (Window * Layout.Width, Window * Layout.BlockCount);
        RequireLength(rows.Length, (long)scores.Length * width, "features", nameof(rows));
        if (!missing.IsEmpty)
            RequireLength(missing.Length, (long)scores.Length * blocks, "flags", nameof(missing));

        for (var done = 0; done < scores.Length; done += ChunkRows)
        {
            var count = Math.Min(ChunkRows, scores.Length - done);
            var flags = missing.IsEmpty ? default : missing.Slice(done * blocks, count * blocks);
            ScoreChunk(rows.Slice(done * width, count * width), flags, scores.Slice(done, count), own);
        }
    }

    public override float Explain(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        ScoringScratch scratch)
    {
        var own = Own(scratch);
        RequireLength(row.Length, Window * Layout.Width, "features", nameof(row));
        RequireLength(contributions.Length, Layout.BlockCount, "contributions", nameof(contributions));
        RequireLength(expected.Length, Layout.Width, "expected values", nameof(expected));
        RequireLength(latent.Length, LatentWidth, "latent values", nameof(latent));
        if (!missing.IsEmpty)
            RequireLength(missing.Length, Window * Layout.BlockCount, "flags", nameof(missing));

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

    private TScratch Own(ScoringScratch scratch) =>
        scratch is TScratch own && ReferenceEquals(own.Model, this)
            ? own
            : throw new ArgumentException("The scratch was created by another model.", nameof(scratch));

    private void RequireLength(int found, long needed, string what, string parameter)
    {
        if (found == needed)
            return;

        var rows = Window == 1 ? "a layout" : $"windows of {Window} records";
        throw new ArgumentException(
            $"{found} {what} given; {rows} of {Layout.Width} features in {Layout.BlockCount} blocks need{(Window == 1 ? "s" : string.Empty)} {needed}.", parameter);
    }
}
