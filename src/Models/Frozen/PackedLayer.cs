using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds a dense layer's weights in the two orders that scoring reads them in.</summary>
internal sealed unsafe class PackedLayer
{
    private readonly AlignedFloats _tiles;
    private readonly AlignedFloats _rows;
    private readonly AlignedFloats _bias;
    private readonly int[] _tileOutputs;

    /// <summary>Packs a layer.</summary>
    /// <param name="layer">Weights.</param>
    /// <param name="maxTileOutputs">Most outputs a tile may have.</param>
    /// <param name="lanes">Floats in a register.</param>
    public PackedLayer(DenseLayer layer, int maxTileOutputs, int lanes)
    {
        (Inputs, Outputs, Activation) = (layer.Inputs, layer.Outputs, layer.Activation);
        Stride = (Outputs + lanes - 1) / lanes * lanes;
        _bias = new AlignedFloats(Stride);
        layer.Bias.CopyTo(_bias.Span);
        _rows = new AlignedFloats(Inputs * Stride);
        for (var input = 0; input < Inputs; input++)
            layer.Weights.AsSpan(input * Outputs, Outputs).CopyTo(_rows.Span[(input * Stride)..]);

        // Balanced tiles: 30 outputs become 10 + 10 + 10 rather than 14 + 14 + 2.
        _tileOutputs = new int[(Outputs + maxTileOutputs - 1) / maxTileOutputs];
        for (var i = 0; i < _tileOutputs.Length; i++)
            _tileOutputs[i] = (Outputs / _tileOutputs.Length) + (i < Outputs % _tileOutputs.Length ? 1 : 0);

        _tiles = new AlignedFloats(Inputs * Outputs);
        var (next, first) = (0, 0);
        foreach (var outputs in _tileOutputs)
        {
            for (var input = 0; input < Inputs; input++)
            {
                layer.Weights.AsSpan((input * Outputs) + first, outputs).CopyTo(_tiles.Span[next..]);
                next += outputs;
            }

            first += outputs;
        }
    }

    public int Inputs { get; }

    public int Outputs { get; }

    /// <summary>Gets the outputs rounded up to whole registers.</summary>
    public int Stride { get; }

    public Activation Activation { get; }

    /// <summary>Gets the number of outputs of each tile.</summary>
    public ReadOnlySpan<int> TileOutputs => _tileOutputs;

    /// <summary>Gets the weights by tile, <c>[tile][Inputs, outputs of the tile]</c>: broadcast one by one over a panel of rows.</summary>
    public float* Tiles => _tiles.Pointer;

    /// <summary>Gets the weights by input, <c>[Inputs, Stride]</c>, zero-padded: read as registers of outputs for a single row.</summary>
    public float* Rows => _rows.Pointer;

    /// <summary>Gets the bias <c>[Stride]</c>, zero-padded.</summary>
    public float* Bias => _bias.Pointer;
}
