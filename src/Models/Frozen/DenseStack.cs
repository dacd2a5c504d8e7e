using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds what scoring with a stack of dense layers reads: packed weights, block weights, where the latent vector is.</summary>
internal sealed class DenseStack
{
    private readonly PackedLayer[] _layers;
    private readonly float[] _blockWeights;
    private readonly AlignedFloats _featureWeights;

    /// <summary>Checks and packs a stack.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="blockWeights">One weight a block, at least 0.</param>
    /// <param name="layers">Layers in order.</param>
    /// <param name="latentLayer">Index of the layer that gives the latent vector.</param>
    /// <param name="klWeight">Weight of the Gaussian divergence, or null when the latent vector is not a distribution.</param>
    /// <param name="maxTileOutputs">Most outputs a tile may have.</param>
    /// <param name="lanes">Floats in a register.</param>
    /// <exception cref="ArgumentException">The parts do not fit together, or a number is not finite.</exception>
    public DenseStack(
        FeatureLayout layout,
        ReadOnlySpan<float> blockWeights,
        IReadOnlyList<DenseLayer> layers,
        int latentLayer,
        float? klWeight,
        int maxTileOutputs,
        int lanes)
    {
        DenseStackRules.Check(layout, blockWeights, layers, latentLayer, klWeight);
        (Layout, LatentLayer, IsGaussian, KlWeight) = (layout, latentLayer, klWeight.HasValue, klWeight ?? 0f);
        _blockWeights = blockWeights.ToArray();
        _layers = [.. layers.Select(layer => new PackedLayer(layer, maxTileOutputs, lanes))];
        LatentWidth = IsGaussian ? layers[latentLayer].Outputs / 2 : layers[latentLayer].Outputs;
        MaxStride = _layers.Max(layer => layer.Stride);
        _featureWeights = new AlignedFloats(layout.Width);
        var real = true;
        for (var i = 0; i < layout.BlockCount; i++)
        {
            var block = layout.Blocks[i];
            _featureWeights.Span[block.Start..block.End].Fill(blockWeights[i]);
            real &= block.Kind == BlockKind.Real;
        }

        FusesError = real && layers[^1].Activation == Activation.Identity;
    }

    public FeatureLayout Layout { get; }

    public ReadOnlySpan<PackedLayer> Layers => _layers;

    public ReadOnlySpan<float> BlockWeights => _blockWeights;

    /// <summary>Gets the weight of each feature's block <c>[Layout.Width]</c>.</summary>
    public unsafe float* FeatureWeights => _featureWeights.Pointer;

    public int LatentLayer { get; }

    public int LatentWidth { get; }

    /// <summary>Gets whether the latent layer gives means and logarithms of variances, of which only the means go on.</summary>
    public bool IsGaussian { get; }

    /// <summary>Gets the weight of the Gaussian divergence in the score.</summary>
    public float KlWeight { get; }

    /// <summary>Gets the largest number of outputs of a layer, in whole registers.</summary>
    public int MaxStride { get; }

    /// <summary>Gets whether the last layer's sums can be judged before they are stored.</summary>
    public bool FusesError { get; }
}
