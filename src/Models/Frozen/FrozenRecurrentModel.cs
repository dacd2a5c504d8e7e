using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores windows by a recurrent encoder to a code and a recurrent decoder back, last record first.</summary>
internal sealed class FrozenRecurrentModel(
    FeatureLayout layout,
    int window,
    int scoredRecords,
    float[] blockWeights,
    FrozenGru encoder,
    FrozenLinear code,
    FrozenLinear start,
    FrozenGru decoder,
    FrozenLinear output) : FrozenSequenceModel(layout, window, scoredRecords, blockWeights)
{
    public override int LatentWidth => code.Bias.Length;

    public override ScoringScratch CreateScratch()
    {
        var units = encoder.Units;
        return new SequenceScratch(
            this,
            GroupWindows * WindowWidth,
            GroupWindows * LatentWidth,
            GroupWindows * Window * 3 * units,
            GroupWindows * 4 * units);
    }

    protected override void Reconstruct(ReadOnlySpan<float> windows, int count, SequenceScratch scratch)
    {
        var (units, gateWidth) = (encoder.Units, 3 * encoder.Units);
        var inputGates = scratch.First.AsSpan(0, count * Window * gateWidth);
        encoder.Input.Apply(windows, inputGates, count * Window);

        // One step of all windows at a time: their gates are brought together from where the windows lie.
        var gates = scratch.Second.AsSpan(0, count * gateWidth);
        var step = scratch.Patches.AsSpan(0, count * gateWidth);
        var states = scratch.Patches.AsSpan(count * gateWidth, count * units);
        states.Clear();
        for (var t = 0; t < Window; t++)
        {
            for (var row = 0; row < count; row++)
                inputGates.Slice(((row * Window) + t) * gateWidth, gateWidth).CopyTo(step[(row * gateWidth)..]);
            encoder.Step(step, states, gates);
        }

        var latent = scratch.Latent.AsSpan(0, count * LatentWidth);
        code.Apply(states, latent, count);
        ElementKernels.Tanh(latent);
        start.Apply(latent, states, count);
        ElementKernels.Tanh(states);
        decoder.Input.Apply(latent, step, count);
        var written = scratch.First.AsSpan(0, count * Window * units);
        for (var t = Window - 1; t >= 0; t--)
        {
            decoder.Step(step, states, gates);
            for (var row = 0; row < count; row++)
                states.Slice(row * units, units).CopyTo(written[(((row * Window) + t) * units)..]);
        }

        output.Apply(written, scratch.Reconstruction.AsSpan(0, count * WindowWidth), count * Window);
    }
}
