using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows by the weighted reconstruction error of groups of codes; see <see cref="Variants.Hierarchical.HierarchicalVae"/>.</summary>
internal sealed unsafe class FrozenHierarchicalModel(
    FeatureLayout layout, float[] blockWeights, DenseLayer[] encoder, DenseLayer[] decoder, FrozenLatentGroup[] groups, VectorWidth vectors)
    : RowMajorModel<FrozenHierarchicalScratch>(layout)
{
    public override int LatentWidth { get; } = encoder[^1].Outputs + groups.Sum(group => group.Prior.Outputs);

    public override ScoringScratch CreateScratch() => new FrozenHierarchicalScratch(this, encoder, decoder, groups, ChunkRows);

    protected override void ScoreChunk(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, FrozenHierarchicalScratch scratch)
    {
        Reconstruct(rows, scores.Length, scratch);
        fixed (float* targets = rows, outputs = scratch.Decoder[^1], flags = scratch.Missing, score = scores)
        {
            for (var row = 0; row < scores.Length; row++)
            {
                TakeFlags(missing.IsEmpty ? default : missing.Slice(row * Layout.BlockCount, Layout.BlockCount), scratch);
                score[row] = 0;
                var reconstructed = new ReconstructedRows(outputs + (row * Layout.Width), targets + (row * Layout.Width), flags, 1);
                ReconstructionError.Add<Lanes1, float>(Layout.Blocks, blockWeights, reconstructed, score + row);
            }
        }
    }

    protected override void ReadScored(int count, Span<float> outputs, Span<float> latent, FrozenHierarchicalScratch scratch)
    {
        if (!outputs.IsEmpty)
            scratch.Decoder[^1].AsSpan(0, outputs.Length).CopyTo(outputs);
        for (var row = 0; row < count && !latent.IsEmpty; row++)
            TakeCodes(row, latent.Slice(row * LatentWidth, LatentWidth), scratch);
    }

    protected override void ExplainScored(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        float score,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        FrozenHierarchicalScratch scratch)
    {
        TakeCodes(0, latent, scratch);
        fixed (float* targets = row, outputs = scratch.Decoder[^1], flags = scratch.Missing)
        {
            var reconstructed = new ReconstructedRows(outputs, targets, flags, 1);
            for (var b = 0; b < Layout.BlockCount; b++)
                contributions[b] = ReconstructionError.AddBlock<Lanes1, float>(Layout.Blocks[b], b, blockWeights[b], reconstructed, 0f);
            RowExplanation.Expect(Layout, outputs, expected);
        }
    }

    private void TakeCodes(int row, Span<float> latent, FrozenHierarchicalScratch scratch)
    {
        var start = 0;
        for (var i = 0; i < scratch.Codes.Length; i++)
        {
            var width = i == 0 ? encoder[^1].Outputs : groups[i - 1].Prior.Outputs;
            scratch.Codes[i].AsSpan(row * width, width).CopyTo(latent[start..]);
            start += width;
        }
    }

    private static void TakeFlags(ReadOnlySpan<byte> missing, FrozenHierarchicalScratch scratch)
    {
        scratch.Missing.AsSpan().Clear();
        for (var b = 0; b < missing.Length; b++)
            scratch.Missing[b] = missing[b];
    }

    private void Reconstruct(ReadOnlySpan<float> rows, int count, FrozenHierarchicalScratch scratch)
    {
        var input = rows;
        for (var i = 0; i < encoder.Length; i++)
        {
            var output = i < encoder.Length - 1 ? scratch.Encoder[i] : scratch.Codes[0];
            RowMajorLayers.Run(encoder[i], input, output, count, vectors);
            input = output;
        }

        for (var i = 0; i < decoder.Length; i++)
        {
            RowMajorLayers.Run(decoder[i], input, scratch.Decoder[i], count, vectors);
            if (i < groups.Length)
                Draw(groups[i], scratch.Decoder[i], scratch.Encoder[encoder.Length - 2 - i], scratch.Codes[i + 1], count, scratch);
            input = scratch.Decoder[i];
        }
    }

    /// <summary>Computes a group's mean and adds it to the state.</summary>
    private void Draw(FrozenLatentGroup group, float[] state, float[] seen, float[] code, int count, FrozenHierarchicalScratch scratch)
    {
        var width = group.Prior.Inputs;
        for (var row = 0; row < count; row++)
        {
            state.AsSpan(row * width, width).CopyTo(scratch.Joined.AsSpan(row * 2 * width));
            seen.AsSpan(row * width, width).CopyTo(scratch.Joined.AsSpan(((row * 2) + 1) * width));
        }

        RowMajorLayers.Run(group.Prior, state, code, count, vectors);
        RowMajorLayers.Run(group.Residual, scratch.Joined, scratch.Shift, count, vectors);
        for (var i = 0; i < count * group.Prior.Outputs; i++)
            code[i] += scratch.Shift[i];
        RowMajorLayers.Run(group.Injection, code, scratch.Joined, count, vectors);
        for (var i = 0; i < count * width; i++)
            state[i] += scratch.Joined[i];
    }
}
