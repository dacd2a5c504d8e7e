using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores each field of a row by the error of a network that sees only the others, on registers of one width.</summary>
/// <remarks>The passes of a row, one a block, go through the layers in tiles: as many copies of the row at a time as a tile has rows.</remarks>
internal sealed unsafe class FrozenMaskedModel<TLanes, TVector> : FrozenMaskedModel
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private readonly DenseStack _stack;

    public FrozenMaskedModel(FeatureLayout layout, ReadOnlySpan<float> blockWeights, IReadOnlyList<DenseLayer> layers, int latentLayer)
    {
        Layout = layout;
        float[] weights = [.. blockWeights, .. new float[layout.BlockCount]];
        _stack = new DenseStack(WithFlags(layout), weights, WithFlags(layers, layout), latentLayer, null, TLanes.MaxTileRows, TLanes.Count);
    }

    public override FeatureLayout Layout { get; }

    public override int LatentWidth => _stack.LatentWidth;

    public override ScoringScratch CreateScratch() => new MaskedScratch(this, _stack, TLanes.MaxTileRows);

    private protected override void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        var own = (MaskedScratch)scratch;
        fixed (float* first = rows)
        {
            for (var row = 0; row < scores.Length; row++)
            {
                var flags = missing.IsEmpty ? default : missing.Slice(row * Layout.BlockCount, Layout.BlockCount);
                scores[row] = Judge(first + ((nint)row * Layout.Width), flags, default, default, own);
            }
        }
    }

    internal override void Read(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, int count, RowReadings readings, ScoringScratch scratch)
    {
        var own = (MaskedScratch)scratch;
        fixed (float* first = rows)
        {
            for (var row = 0; row < count; row++)
            {
                var features = first + ((nint)row * Layout.Width);
                var flags = missing.IsEmpty ? default : missing.Slice(row * Layout.BlockCount, Layout.BlockCount);
                if (!readings.Scores.IsEmpty || !readings.Outputs.IsEmpty)
                {
                    var score = Judge(features, flags, default, RowPass<TLanes, TVector>.Part(readings.Outputs, row, 1, Layout.Width), own);
                    if (!readings.Scores.IsEmpty)
                        readings.Scores[row] = score;
                }

                if (!readings.Latent.IsEmpty)
                    Encode(features, flags, readings.Latent.Slice(row * LatentWidth, LatentWidth), own);
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
        var own = (MaskedScratch)scratch;
        fixed (float* features = row)
        fixed (float* outputs = expected)
        {
            var score = Judge(features, missing, contributions, expected, own);
            RowExplanation.Expect(Layout, outputs, expected);

            Encode(features, missing, latent, own);
            return score;
        }
    }

    // The code of the row as it is, nothing hidden but what is missing.
    private void Encode(float* row, ReadOnlySpan<byte> missing, Span<float> latent, MaskedScratch scratch)
    {
        Fill(row, missing, -1, scratch.Inputs.Pointer);
        RowPass<TLanes, TVector>.Forward(scratch.Inputs.Pointer, 1, latent, scratch.Dense);
    }

    /// <summary>Hides one block after the other and sums the errors of what is hidden.</summary>
    private float Judge(float* row, ReadOnlySpan<byte> missing, Span<float> contributions, Span<float> outputs, MaskedScratch scratch)
    {
        var blocks = Layout.Blocks;
        var stride = _stack.Layers[^1].Stride;
        var flags = missing.IsEmpty ? null : scratch.Flags.Pointer;
        for (var i = 0; i < missing.Length; i++)
            flags[i] = missing[i];

        var sum = 0f;
        for (var first = 0; first < blocks.Length; first += TLanes.MaxTileRows)
        {
            var count = Math.Min(TLanes.MaxTileRows, blocks.Length - first);
            for (var i = 0; i < count; i++)
                Fill(row, missing, first + i, scratch.Inputs.Pointer + (i * _stack.Layout.Width));

            var foreseen = RowPass<TLanes, TVector>.Forward(scratch.Inputs.Pointer, count, default, scratch.Dense);
            for (var i = 0; i < count; i++)
            {
                var (block, weight) = (blocks[first + i], _stack.BlockWeights[first + i]);
                var reconstructed = new ReconstructedRows(foreseen + (i * stride), row, flags, 1);
                sum = ReconstructionError.AddBlock<Lanes1, float>(block, first + i, weight, reconstructed, sum);
                if (!contributions.IsEmpty)
                    contributions[first + i] = ReconstructionError.AddBlock<Lanes1, float>(block, first + i, weight, reconstructed, 0f);
                if (!outputs.IsEmpty)
                    new ReadOnlySpan<float>(reconstructed.Outputs + block.Start, block.Width).CopyTo(outputs[block.Start..]);
            }
        }

        return sum;
    }

    private void Fill(float* row, ReadOnlySpan<byte> missing, int hidden, float* input)
    {
        var width = Layout.Width;
        new ReadOnlySpan<float>(row, width).CopyTo(new Span<float>(input, width));
        var flags = new Span<float>(input + width, Layout.BlockCount);
        flags.Clear();
        for (var b = 0; b < flags.Length; b++)
        {
            if (b != hidden && (missing.IsEmpty || missing[b] == 0))
                continue;
            flags[b] = 1;
            new Span<float>(input + Layout.Blocks[b].Start, Layout.Blocks[b].Width).Clear();
        }
    }

    // The stack's rows carry the flags, so its last layer must give as many values: zeros that nothing reads.
    private static FeatureLayout WithFlags(FeatureLayout layout) =>
        new([.. layout.Blocks, .. Enumerable.Range(layout.Width, layout.BlockCount).Select(start => new FeatureBlock(start, 1, BlockKind.Real))]);

    private static DenseLayer[] WithFlags(IReadOnlyList<DenseLayer> layers, FeatureLayout layout)
    {
        var last = layers[^1];
        var outputs = layout.Width + layout.BlockCount;
        var weights = new float[last.Inputs * outputs];
        for (var input = 0; input < last.Inputs; input++)
            last.Weights.AsSpan(input * last.Outputs, last.Outputs).CopyTo(weights.AsSpan(input * outputs));
        return [.. layers.Take(layers.Count - 1), new DenseLayer(weights, [.. last.Bias, .. new float[layout.BlockCount]], last.Activation)];
    }
}
