using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Manifolds;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows whose latent vector is projected onto a manifold, on registers of one width.</summary>
internal sealed unsafe class FrozenManifoldModel<TLanes, TVector> : FrozenManifoldModel
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    private readonly DenseStack _stack;
    private readonly ConstantCurvatureManifold _manifold;
    private readonly float _membershipWeight;

    public FrozenManifoldModel(
        FeatureLayout layout,
        ReadOnlySpan<float> blockWeights,
        IReadOnlyList<DenseLayer> layers,
        int latentLayer,
        ConstantCurvatureManifold manifold,
        float membershipWeight)
    {
        _stack = new DenseStack(layout, blockWeights, layers, latentLayer, null, TLanes.MaxTileRows, TLanes.Count);
        _manifold = manifold;
        _membershipWeight = membershipWeight;
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
            for (var first = 0; first < scores.Length; first += TLanes.MaxTileRows)
            {
                var count = Math.Min(TLanes.MaxTileRows, scores.Length - first);
                var inputs = firstRow + ((nint)first * Layout.Width);
                var outputs = Forward(inputs, count, default, own);
                for (var i = 0; i < count; i++)
                {
                    var flags = missing.IsEmpty ? null : firstFlag + ((nint)(first + i) * Layout.BlockCount);
                    scores[first + i] = Judge(RowPass<TLanes, TVector>.Row(inputs, outputs, flags, i, own), i, own);
                }
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
                var outputs = Forward(inputs, tile, RowPass<TLanes, TVector>.Part(readings.Latent, first, tile, LatentWidth), own);
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
            var outputs = Forward(features, 1, latent, own);
            var reconstructed = RowPass<TLanes, TVector>.Row(features, outputs, flags, 0, own);
            var score = Judge(reconstructed, 0, own);
            RowExplanation.Attribute(_stack, reconstructed, score, contributions, hasSharedPart: _manifold.IsCurved);
            RowExplanation.Expect(Layout, outputs, expected);
            return score;
        }
    }

    /// <summary>Sends at most a tile of rows through all layers, over the manifold; starts their running errors with what lying beside it costs.</summary>
    private float* Forward(float* rows, int count, Span<float> latent, DenseScratch scratch)
    {
        var codeLayers = _stack.LatentLayer + 1;
        var points = RowPass<TLanes, TVector>.Forward(rows, Layout.Width, count, 0, codeLayers, scratch);
        var stride = _stack.Layers[_stack.LatentLayer].Stride;
        for (var i = 0; i < count; i++)
        {
            var point = new Span<float>(points + (i * stride), LatentWidth);
            var deviation = _manifold.IsCurved ? _manifold.Deviation(point) : 0;
            scratch.Errors.Pointer[i] = _membershipWeight * deviation * deviation;
            _manifold.Project(point);
        }

        RowPass<TLanes, TVector>.CopyRows(points, stride, latent, LatentWidth);
        return RowPass<TLanes, TVector>.Forward(points, stride, count, codeLayers, _stack.Layers.Length, scratch);
    }

    private float Judge(ReconstructedRows row, int index, DenseScratch scratch)
    {
        var error = scratch.Errors.Pointer + index;
        ReconstructionError.Add<Lanes1, float>(Layout.Blocks, _stack.BlockWeights, row, error);
        return *error;
    }
}
