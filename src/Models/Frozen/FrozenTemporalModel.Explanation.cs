namespace AEAnomaly.Models.Frozen;

internal sealed partial class FrozenTemporalModel
{
    protected override void ReadScored(int count, Span<float> outputs, Span<float> latent, FrozenTemporalScratch scratch) =>
        throw new NotSupportedException("A window is judged by its own score alone.");

    protected override void ExplainScored(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        float score,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        FrozenTemporalScratch scratch)
    {
        var record = row[^Layout.Width..];
        var flags = missing.IsEmpty ? default : missing[^Layout.BlockCount..];
        scratch.Costs.AsSpan().Clear();
        for (var jump = parts.Jump; jump >= 1; jump--)
        {
            var decoded = Predict(jump, scratch);
            parts.Likelihood.AddCosts(decoded, record, flags, scratch.Precisions, scratch.Costs);
            if (jump == 1)
                parts.Likelihood.Expect(decoded, scratch.Outputs, expected);
        }

        BlockShares.Divide(score, scratch.Costs, flags, contributions);
        TakeBelief(0, scratch);
        scratch.Earlier.AsSpan(0, _latent).CopyTo(latent);
    }

    /// <summary>Decodes the most likely record of the first row's window, some records after a belief.</summary>
    private Span<float> Predict(int jump, FrozenTemporalScratch scratch)
    {
        TakeBelief(jump, scratch);
        for (var (level, start) = (0, 0); level < parts.Transition.Length; start += parts.Transition[level].Width, level++)
        {
            ApplyTransition(level, start, jump, scratch.First, 1, scratch);
            scratch.First.Means.AsSpan(0, parts.Transition[level].Width).CopyTo(scratch.Later.AsSpan(start));
        }

        return RowMajorLayers.Run(parts.Decoder, scratch.Later, scratch.DecoderFirst, scratch.DecoderSecond, 1, vectors);
    }

    /// <summary>Writes the most likely state of the first row's window, given a belief, as the earlier one.</summary>
    private void TakeBelief(int back, FrozenTemporalScratch scratch)
    {
        for (var (level, start) = (0, 0); level < parts.Belief.Length; start += parts.Belief[level].Width, level++)
        {
            ApplyBelief(level, start, back, scratch.Earlier, -1, scratch.First, 1, scratch);
            scratch.First.Means.AsSpan(0, parts.Belief[level].Width).CopyTo(scratch.Earlier.AsSpan(start));
        }
    }
}
