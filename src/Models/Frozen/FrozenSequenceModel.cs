using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores windows by the mean weighted error of their last records' reconstructions.</summary>
internal abstract unsafe class FrozenSequenceModel : FrozenModel
{
    /// <summary>Windows that go through the layers together; more fill no register better, and their activations would leave the second-level cache.</summary>
    protected const int GroupWindows = 8;

    private readonly int _scoredRecords;
    private readonly float[] _blockWeights;

    /// <summary>Creates a model.</summary>
    /// <param name="layout">Layout of a record.</param>
    /// <param name="window">Records of a window.</param>
    /// <param name="scoredRecords">Records at the end of the window that count, 1 to the window.</param>
    /// <param name="blockWeights">Weight of each block's error.</param>
    protected FrozenSequenceModel(FeatureLayout layout, int window, int scoredRecords, float[] blockWeights)
    {
        Layout = layout;
        Window = window;
        _scoredRecords = scoredRecords;
        _blockWeights = Array.ConvertAll(blockWeights, weight => weight / scoredRecords);
    }

    public override FeatureLayout Layout { get; }

    public override int Window { get; }

    /// <summary>Gets the values of a window.</summary>
    protected int WindowWidth => Window * Layout.Width;

    private protected override void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        var own = (SequenceScratch)scratch;
        for (var first = 0; first < scores.Length; first += GroupWindows)
        {
            var count = Math.Min(GroupWindows, scores.Length - first);
            var windows = rows.Slice(first * WindowWidth, count * WindowWidth);
            Reconstruct(windows, count, own);
            for (var i = 0; i < count; i++)
            {
                var flags = missing.IsEmpty ? default : missing.Slice((first + i) * Window * Layout.BlockCount, Window * Layout.BlockCount);
                scores[first + i] = Error(windows.Slice(i * WindowWidth, WindowWidth), own.Reconstruction.AsSpan(i * WindowWidth, WindowWidth), flags, own.Flags, default);
            }
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
        var own = (SequenceScratch)scratch;
        Reconstruct(row, 1, own);
        own.Latent.AsSpan(0, LatentWidth).CopyTo(latent);
        contributions.Clear();
        var reconstruction = own.Reconstruction.AsSpan(0, WindowWidth);
        var score = Error(row, reconstruction, missing, own.Flags, contributions);
        fixed (float* last = reconstruction[^Layout.Width..])
            RowExplanation.Expect(Layout, last, expected);
        return score;
    }

    /// <summary>Writes the reconstructions (means and logits) and the latent vectors to the scratch.</summary>
    /// <param name="windows">Row-major <c>[count, Window, Layout.Width]</c>.</param>
    /// <param name="count">Number of windows, at most <see cref="GroupWindows"/>.</param>
    /// <param name="scratch">Working memory.</param>
    protected abstract void Reconstruct(ReadOnlySpan<float> windows, int count, SequenceScratch scratch);

    private float Error(
        ReadOnlySpan<float> window, ReadOnlySpan<float> reconstruction, ReadOnlySpan<byte> missing, Span<float> flags, Span<float> contributions)
    {
        var blocks = Layout.Blocks;
        var score = 0f;
        fixed (float* targets = window, outputs = reconstruction, flag = flags)
        {
            for (var record = Window - _scoredRecords; record < Window; record++)
            {
                if (!missing.IsEmpty)
                {
                    for (var b = 0; b < blocks.Length; b++)
                        flags[b] = missing[(record * blocks.Length) + b];
                }

                var rows = new ReconstructedRows(
                    outputs + (record * Layout.Width), targets + (record * Layout.Width), missing.IsEmpty ? null : flag, 1);
                for (var b = 0; b < blocks.Length; b++)
                {
                    score = ReconstructionError.AddBlock<Lanes1, float>(blocks[b], b, _blockWeights[b], rows, score);
                    if (!contributions.IsEmpty)
                        contributions[b] = ReconstructionError.AddBlock<Lanes1, float>(blocks[b], b, _blockWeights[b], rows, contributions[b]);
                }
            }
        }

        return score;
    }
}
