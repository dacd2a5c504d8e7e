using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores windows by strided convolutions to a code and transposed ones back.</summary>
internal sealed class FrozenConvolutionalModel(
    FeatureLayout layout,
    int window,
    int scoredRecords,
    float[] blockWeights,
    FrozenConvolution[] encoder,
    FrozenLinear code,
    FrozenLinear start,
    FrozenConvolution[] decoder) : FrozenSequenceModel(layout, window, scoredRecords, blockWeights)
{
    public override int LatentWidth => code.Bias.Length;

    public override ScoringScratch CreateScratch()
    {
        var layers = encoder.Max(layer => Math.Max(layer.Geometry.SequenceWidth, layer.Geometry.Positions * layer.Map.Bias.Length));
        var patches = encoder.Concat(decoder).Max(layer => layer.Geometry.Positions * layer.Geometry.PatchWidth);
        return new SequenceScratch(this, GroupWindows * WindowWidth, GroupWindows * LatentWidth, GroupWindows * layers, GroupWindows * patches);
    }

    protected override void Reconstruct(ReadOnlySpan<float> windows, int count, SequenceScratch scratch)
    {
        var values = windows;
        var (next, other) = (scratch.First, scratch.Second);
        foreach (var layer in encoder)
        {
            values = layer.Convolve(values, count, scratch.Patches, next);
            (next, other) = (other, next);
        }

        var latent = scratch.Latent.AsSpan(0, count * LatentWidth);
        code.Apply(values, latent, count);
        ElementKernels.Tanh(latent);
        var started = next.AsSpan(0, count * start.Bias.Length);
        start.Apply(latent, started, count, relu: true);
        values = started;
        for (var i = 0; i < decoder.Length; i++)
        {
            (next, other) = (other, next);
            var isLast = i == decoder.Length - 1;
            values = decoder[i].Spread(values, count, scratch.Patches, isLast ? scratch.Reconstruction : next, relu: !isLast);
        }
    }
}
