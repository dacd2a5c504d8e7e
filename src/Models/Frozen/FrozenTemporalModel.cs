using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Losses;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores windows by how unlikely their last record was, given what was believed some records earlier; see <see cref="Variants.Temporal.TemporalDifferenceVae"/>.</summary>
/// <remarks>
/// Expected values are what the belief before the last record predicts for it, at the means of the states. A block's contribution is its share of what the
/// observed values lose in likelihood against the expected ones under the predictions of all jumps: the bound itself judges states, which belong to no block.
/// </remarks>
internal sealed partial class FrozenTemporalModel(FeatureLayout layout, FrozenTemporalParts parts, VectorWidth vectors)
    : RowMajorModel<FrozenTemporalScratch>(layout)
{
    private readonly int _latent = parts.Latent;
    private readonly int _units = parts.Memory.Units;

    public override int Window => parts.Window;

    public override int LatentWidth => _latent;

    public override ScoringScratch CreateScratch() => new FrozenTemporalScratch(this, Layout, parts, ChunkRows);

    protected override void ScoreChunk(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, FrozenTemporalScratch scratch)
    {
        var count = scores.Length;
        Remember(rows, count, scratch);
        scratch.Energies.AsSpan(0, count).Clear();
        scratch.PastEnergies.AsSpan(0, count).Clear();
        for (var draw = 0; draw < 2 * parts.Pairs; draw++)
        {
            var side = draw % 2 == 0 ? 1f : -1f;
            var signs = parts.Signs.AsSpan(draw / 2 * 2 * _latent, 2 * _latent);
            DrawLater(signs[.._latent], side, count, scratch);
            AddReconstruction(rows, missing, count, scratch);
            for (var jump = 1; jump <= parts.Jump; jump++)
            {
                AddSmoothing(signs[_latent..], side, jump, count, scratch);
                AddTransition(jump, count, scratch);
            }
        }

        for (var row = 0; row < count; row++)
        {
            var energy = (scratch.Energies[row] + (scratch.PastEnergies[row] / parts.Jump)) / (2 * parts.Pairs);
            scores[row] = Surprise.Of(energy, parts.Reference);
        }
    }

    /// <summary>Computes the beliefs after the last records, and the top level of the states they give.</summary>
    private void Remember(ReadOnlySpan<float> rows, int count, FrozenTemporalScratch scratch)
    {
        var records = scratch.Records.AsSpan(0, count * Layout.Width);
        var states = scratch.States.AsSpan(0, count * _units);
        var inputGates = scratch.InputGates.AsSpan(0, count * 3 * _units);
        var gates = scratch.Gates.AsSpan(0, count * 3 * _units);
        states.Clear();
        for (var t = 0; t < Window; t++)
        {
            for (var row = 0; row < count; row++)
                rows.Slice(((row * Window) + t) * Layout.Width, Layout.Width).CopyTo(records[(row * Layout.Width)..]);
            parts.Memory.Input.Apply(records, inputGates, count);
            parts.Memory.Step(inputGates, states, gates);
            if (Window - 1 - t <= parts.Jump)
                states.CopyTo(scratch.Beliefs[Window - 1 - t]);
        }

        // The later state is drawn by its deviation, the earlier one is compared by its precision.
        for (var back = 0; back <= parts.Jump; back++)
            parts.Belief[0].Apply(scratch.Beliefs[back].AsSpan(0, count * _units), count, back == 0 ? 0.5f : -1, scratch.Believed[back], vectors);
    }

    /// <summary>Draws the later state and adds log p_B of it; log(2 pi) is left out, since log p_T takes it away again.</summary>
    private void DrawLater(ReadOnlySpan<float> signs, float side, int count, FrozenTemporalScratch scratch)
    {
        for (var (level, start) = (0, 0); level < parts.Belief.Length; start += parts.Belief[level].Width, level++)
        {
            var width = parts.Belief[level].Width;
            var gaussians = level == 0 ? scratch.Believed[0] : scratch.First;
            if (level > 0)
                ApplyBelief(level, start, 0, scratch.Later, 0.5f, gaussians, count, scratch);
            for (var row = 0; row < count; row++)
            {
                var sum = 0.0;
                for (var j = 0; j < width; j++)
                {
                    var (at, draw) = ((row * width) + j, side * signs[start + j]);
                    scratch.Later[(row * _latent) + start + j] = gaussians.Means[at] + (gaussians.Exponentials[at] * draw);
                    sum += (draw * draw) + gaussians.LogVariances[at];
                }

                scratch.Energies[row] -= sum / 2;
            }
        }
    }

    private void AddReconstruction(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, int count, FrozenTemporalScratch scratch)
    {
        var outputs = parts.Likelihood.OutputWidth;
        var decoded = RowMajorLayers.Run(parts.Decoder, scratch.Later, scratch.DecoderFirst, scratch.DecoderSecond, count, vectors);
        for (var row = 0; row < count; row++)
        {
            var last = (row * Window) + Window - 1;
            scratch.Energies[row] += parts.Likelihood.Energy(
                decoded.Slice(row * outputs, outputs),
                rows.Slice(last * Layout.Width, Layout.Width),
                missing.IsEmpty ? default : missing.Slice(last * Layout.BlockCount, Layout.BlockCount),
                scratch.Precisions);
        }
    }

    /// <summary>Draws the earlier state from q and adds KL(q || p_B).</summary>
    private void AddSmoothing(ReadOnlySpan<float> signs, float side, int jump, int count, FrozenTemporalScratch scratch)
    {
        for (var (level, start) = (0, 0); level < parts.Smoothing.Length; start += parts.Smoothing[level].Width, level++)
        {
            var width = parts.Smoothing[level].Width;
            scratch.Context.Begin(count, (2 * _units) + _latent + parts.Jump + start);
            scratch.Context.Append(scratch.Beliefs[jump], _units, _units);
            scratch.Context.Append(scratch.Beliefs[0], _units, _units);
            scratch.Context.Append(scratch.Later, _latent, _latent);
            scratch.Context.AppendOneHot(jump - 1, parts.Jump);
            scratch.Context.Append(scratch.Earlier, _latent, start);
            var smoothed = scratch.First;
            parts.Smoothing[level].Apply(scratch.Context.Values, count, 0.5f, smoothed, vectors);
            var believed = level == 0 ? scratch.Believed[jump] : scratch.Second;
            if (level > 0)
                ApplyBelief(level, start, jump, scratch.Earlier, -1, believed, count, scratch);
            for (var row = 0; row < count; row++)
            {
                var sum = 0.0;
                for (var j = 0; j < width; j++)
                {
                    var at = (row * width) + j;
                    var deviation = smoothed.Exponentials[at];
                    scratch.Earlier[(row * _latent) + start + j] = smoothed.Means[at] + (deviation * side * signs[start + j]);
                    double distance = smoothed.Means[at] - believed.Means[at];
                    sum += (((double)deviation * deviation) + (distance * distance)) * believed.Exponentials[at];
                    sum += (double)believed.LogVariances[at] - smoothed.LogVariances[at] - 1;
                }

                scratch.PastEnergies[row] += sum / 2;
            }
        }
    }

    /// <summary>Adds -log p_T of the later state given the earlier one, without log(2 pi).</summary>
    private void AddTransition(int jump, int count, FrozenTemporalScratch scratch)
    {
        for (var (level, start) = (0, 0); level < parts.Transition.Length; start += parts.Transition[level].Width, level++)
        {
            var (width, predicted) = (parts.Transition[level].Width, scratch.First);
            ApplyTransition(level, start, jump, predicted, count, scratch);
            for (var row = 0; row < count; row++)
            {
                var sum = 0.0;
                for (var j = 0; j < width; j++)
                {
                    var at = (row * width) + j;
                    double distance = scratch.Later[(row * _latent) + start + j] - predicted.Means[at];
                    sum += (distance * distance * predicted.Exponentials[at]) + predicted.LogVariances[at];
                }

                scratch.PastEnergies[row] += sum / 2;
            }
        }
    }

    private void ApplyBelief(int level, int start, int back, float[] code, float factor, FrozenGaussians result, int count, FrozenTemporalScratch scratch)
    {
        scratch.Context.Begin(count, _units + start);
        scratch.Context.Append(scratch.Beliefs[back], _units, _units);
        scratch.Context.Append(code, _latent, start);
        parts.Belief[level].Apply(scratch.Context.Values, count, factor, result, vectors);
    }

    private void ApplyTransition(int level, int start, int jump, FrozenGaussians result, int count, FrozenTemporalScratch scratch)
    {
        scratch.Context.Begin(count, _latent + parts.Jump + start);
        scratch.Context.Append(scratch.Earlier, _latent, _latent);
        scratch.Context.AppendOneHot(jump - 1, parts.Jump);
        scratch.Context.Append(scratch.Later, _latent, start);
        parts.Transition[level].Apply(scratch.Context.Values, count, -1, result, vectors);
    }
}
