using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows with a stack of dense layers on registers of one width.</summary>
internal sealed unsafe class FrozenDenseModel<TLanes, TVector> : FrozenDenseModel
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    // Measured: above this many rows a padded panel is quicker than row by row. Only panels judge binary and category features many rows at a time.
    private const int MaxLooseRealRows = 22;
    private const int MaxLooseMixedRows = 12;

    private readonly DenseStack _stack;
    private readonly int _maxLooseRows;

    public FrozenDenseModel(
        FeatureLayout layout, ReadOnlySpan<float> blockWeights, IReadOnlyList<DenseLayer> layers, int latentLayer, float? klWeight)
    {
        _stack = new DenseStack(layout, blockWeights, layers, latentLayer, klWeight, TLanes.MaxTileRows, TLanes.Count);
        _maxLooseRows = _stack.FusesError ? MaxLooseRealRows : MaxLooseMixedRows;
    }

    public override FeatureLayout Layout => _stack.Layout;

    public override int LatentWidth => _stack.LatentWidth;

    public override ScoringScratch CreateScratch() => new DenseScratch(this, _stack);

    private protected override void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        var own = (DenseScratch)scratch;
        fixed (float* firstRow = rows)
        fixed (byte* firstFlag = missing)
        {
            var done = 0;
            while (done < scores.Length)
            {
                var count = Math.Min(own.Panels * DenseScratch.PanelRows, scores.Length - done);
                var loose = count % DenseScratch.PanelRows;
                if (loose <= _maxLooseRows && count > loose)
                    count -= loose;

                var flags = missing.IsEmpty ? default : missing.Slice(done * Layout.BlockCount, count * Layout.BlockCount);
                var flagged = flags.ContainsAnyExcept((byte)0) ? firstFlag + ((nint)done * Layout.BlockCount) : null;
                var group = scores.Slice(done, count);
                if (count <= _maxLooseRows)
                    RowPass<TLanes, TVector>.Score(firstRow + ((nint)done * Layout.Width), flagged, count, group, own);
                else
                    PanelPass<TLanes, TVector>.Score(firstRow + ((nint)done * Layout.Width), flagged, count, group, own);

                done += count;
            }
        }
    }

    internal override void Read(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, int count, RowReadings readings, ScoringScratch scratch)
    {
        var own = (DenseScratch)scratch;
        fixed (float* firstRow = rows)
        fixed (byte* firstFlag = missing)
        {
            for (var first = 0; first < count; first += TLanes.MaxTileRows)
            {
                var tile = Math.Min(TLanes.MaxTileRows, count - first);
                var inputs = firstRow + ((nint)first * Layout.Width);
                own.Errors.Span[..tile].Clear();
                var outputs = RowPass<TLanes, TVector>.Forward(inputs, tile, RowPass<TLanes, TVector>.Part(readings.Latent, first, tile, LatentWidth), own);
                var flags = missing.IsEmpty ? null : firstFlag + ((nint)first * Layout.BlockCount);
                RowPass<TLanes, TVector>.Write(inputs, outputs, flags, first, tile, readings, own);
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
        var own = (DenseScratch)scratch;
        fixed (float* features = row)
        fixed (byte* flags = missing)
        {
            own.Errors.Span.Clear();
            var outputs = RowPass<TLanes, TVector>.Forward(features, 1, latent, own);
            var reconstructed = RowPass<TLanes, TVector>.Row(features, outputs, flags, 0, own);
            ReconstructionError.Add<Lanes1, float>(Layout.Blocks, _stack.BlockWeights, reconstructed, own.Errors.Pointer);
            var score = own.Errors.Span[0];
            RowExplanation.Attribute(_stack, reconstructed, score, contributions);
            RowExplanation.Expect(Layout, outputs, expected);
            return score;
        }
    }
}
