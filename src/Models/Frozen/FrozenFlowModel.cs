using AEAnomaly.Models.Features;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Losses;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows by their exact likelihood given their codes; see <see cref="Variants.Flows.FlowNetwork"/> for the formulas.</summary>
/// <remarks>
/// Expected values are the flow's image of u = 0, and for the other fields their probabilities. A block's contribution is its share of what the
/// negative log-likelihood falls by when each block in turn holds what was expected, with the codes kept: a flow judges the real fields jointly, so their parts are
/// not terms of a sum. The parts are scaled to add up to the score; a missing block's is 0.
/// </remarks>
internal sealed unsafe class FrozenFlowModel(FeatureLayout layout, FrozenFlowParts parts, VectorWidth vectors) : RowMajorModel<FrozenFlowScratch>(layout)
{
    private const int RowItself = -1;

    private static readonly double HalfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    private readonly LayoutParts _layout = parts.Parts;

    public override int LatentWidth { get; } = parts.Heads.Sum(head => head.Outputs) / 2;

    /// <summary>Gets the flow of the real features, or null when there is none.</summary>
    public FrozenFlow? Flow => parts.Flow;

    // Each block's contribution is a pass through the flow.
    private protected override bool CanLeaveContributionsOut => true;

    public override ScoringScratch CreateScratch() => new FrozenFlowScratch(this, parts, ChunkRows);

    /// <summary>Computes -log p(x | z) + KL of at most <see cref="RowMajorModel{TScratch}.ChunkRows"/> rows, with z at the codes' means, in nats.</summary>
    /// <param name="rows">Row-major <c>[energies.Length, Layout.Width]</c>.</param>
    /// <param name="missing">Flags, or empty.</param>
    /// <param name="energies">Receives one value a row.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/>.</param>
    public void Energies(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<double> energies, FrozenFlowScratch scratch)
    {
        var count = energies.Length;
        Encode(rows, energies, scratch);
        RowMajorLayers.Run(parts.Decoder, scratch.Codes, scratch.First, scratch.Second, count, vectors).CopyTo(scratch.Decoded);
        Likelihoods(rows, missing, energies, scratch);
    }

    /// <summary>Adds -log p(x | z) for rows whose codes are given and decoded in the scratch.</summary>
    private void Likelihoods(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<double> energies, FrozenFlowScratch scratch)
    {
        for (var row = 0; row < energies.Length; row++)
        {
            var flags = missing.IsEmpty ? default : missing.Slice(row * Layout.BlockCount, Layout.BlockCount);
            var values = rows.Slice(row * Layout.Width, Layout.Width);
            energies[row] += Residuals(values, flags, row, scratch);
            if (_layout.Discrete is not null)
                energies[row] += CrossEntropies(values, flags, row, scratch);
        }

        if (parts.Flow is not { } flow)
            return;

        var noise = scratch.Residuals.AsSpan(0, energies.Length * _layout.RealWidth);
        var logDeterminants = scratch.LogDeterminants.AsSpan(0, energies.Length);
        flow.Forward(noise, scratch.Codes.AsSpan(0, energies.Length * LatentWidth), scratch.CodeOfLevel, logDeterminants, scratch.Flow!);
        for (var row = 0; row < energies.Length; row++)
        {
            var share = PresentShare(missing.IsEmpty ? default : missing.Slice(row * Layout.BlockCount, Layout.BlockCount));
            energies[row] += HalfSquares(noise.Slice(row * _layout.RealWidth, _layout.RealWidth)) - (share * logDeterminants[row]);
        }
    }

    protected override void ScoreChunk(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, FrozenFlowScratch scratch)
    {
        var energies = scratch.Energies.AsSpan(0, scores.Length);
        Energies(rows, missing, energies, scratch);
        for (var row = 0; row < scores.Length; row++)
            scores[row] = Surprise.Of(energies[row], parts.Reference);
    }

    // What a flow expects takes an inverse pass of its own; nothing fitted on top of it asks for that.
    protected override void ReadScored(int count, Span<float> outputs, Span<float> latent, FrozenFlowScratch scratch)
    {
        if (!outputs.IsEmpty)
            throw new NotSupportedException("A flow judges all real fields jointly and has no reconstruction to hand out.");
        if (!latent.IsEmpty)
            scratch.Codes.AsSpan(0, count * LatentWidth).CopyTo(latent);
    }

    protected override void ExplainScored(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        float score,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        FrozenFlowScratch scratch)
    {
        scratch.Codes.AsSpan(0, LatentWidth).CopyTo(latent);
        var drops = scratch.Drops.AsSpan();
        drops.Clear();
        if (parts.Flow is { } flow)
        {
            scratch.Expected.AsSpan().Clear();
            flow.Inverse(scratch.Expected, latent, scratch.Flow!);
            if (!contributions.IsEmpty)
                RealDrops(row, missing, drops, latent, scratch);
            for (var j = 0; j < _layout.RealWidth; j++)
                scratch.Outputs[_layout.RealFeatures[j]] = scratch.Decoded[j] + (scratch.Expected[j] * RowMajorLayers.Exp(LogDeviation(j, 0, scratch)));
        }

        if (_layout.Discrete is not null)
            DiscreteDrops(row, missing, drops, scratch);
        fixed (float* outputs = scratch.Outputs)
            RowExplanation.Expect(Layout, outputs, expected);
        if (!contributions.IsEmpty)
            BlockShares.Divide(score, drops, missing, contributions);
    }

    private void Encode(ReadOnlySpan<float> rows, Span<double> divergences, FrozenFlowScratch scratch)
    {
        var count = divergences.Length;
        for (var i = 0; i < parts.Trunk.Length; i++)
            RowMajorLayers.Run(parts.Trunk[i], i == 0 ? rows : scratch.Trunk[i - 1], scratch.Trunk[i], count, vectors);

        divergences.Clear();
        var start = 0;
        for (var level = 0; level < parts.Heads.Length; level++)
        {
            var head = parts.Heads[level];
            var width = head.Outputs / 2;
            RowMajorLayers.Run(head, parts.HeadInputs[level] < 0 ? rows : scratch.Trunk[parts.HeadInputs[level]], scratch.Head, count, vectors);
            for (var row = 0; row < count; row++)
            {
                var mean = scratch.Head.AsSpan(row * 2 * width, width);
                mean.CopyTo(scratch.Codes.AsSpan((row * LatentWidth) + start));
                divergences[row] += Divergence(mean, scratch.Head.AsSpan(((row * 2) + 1) * width, width));
            }

            start += width;
        }
    }

    private double Divergence(ReadOnlySpan<float> mean, ReadOnlySpan<float> raw)
    {
        var sum = 0.0;
        for (var j = 0; j < mean.Length; j++)
        {
            var logVariance = RowMajorLayers.Bounded(raw[j], parts.MaxLogVariance);
            sum += ((double)mean[j] * mean[j]) + RowMajorLayers.Exp(logVariance) - logVariance - 1;
        }

        return sum / 2;
    }

    /// <summary>Writes the standardised residuals of one row and returns the part of its negative log-likelihood that belongs to the deviations.</summary>
    private double Residuals(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, int row, FrozenFlowScratch scratch)
    {
        var width = _layout.RealWidth;
        var residuals = scratch.Residuals.AsSpan(row * width, width);
        var decoded = scratch.Decoded.AsSpan(row * parts.Decoder[^1].Outputs);
        decoded.Slice(width, width).CopyTo(scratch.LogDeviations);
        RowMajorLayers.BoundedExp(scratch.LogDeviations, scratch.Precisions, parts.MaxLogDeviation, -1, vectors);
        MarkPresent(missing, scratch.Present);
        var sum = 0.0;
        for (var j = 0; j < width; j++)
        {
            residuals[j] = 0;
            if (scratch.Present[j] == 0)
                continue;
            residuals[j] = (values[_layout.RealFeatures[j]] - decoded[j]) * scratch.Precisions[j];
            sum += HalfLogTwoPi + scratch.LogDeviations[j];
        }

        return sum;
    }

    private float LogDeviation(int feature, int row, FrozenFlowScratch scratch) =>
        RowMajorLayers.Bounded(scratch.Decoded[(row * parts.Decoder[^1].Outputs) + _layout.RealWidth + feature], parts.MaxLogDeviation);

    private void MarkPresent(ReadOnlySpan<byte> missing, Span<float> present)
    {
        var next = 0;
        for (var b = 0; b < Layout.BlockCount; b++)
        {
            if (Layout.Blocks[b].Kind != BlockKind.Real)
                continue;
            present.Slice(next, Layout.Blocks[b].Width).Fill(!missing.IsEmpty && missing[b] != 0 ? 0 : 1);
            next += Layout.Blocks[b].Width;
        }
    }

    private double PresentShare(ReadOnlySpan<byte> missing)
    {
        if (missing.IsEmpty)
            return 1;

        var present = 0;
        for (var b = 0; b < Layout.BlockCount; b++)
            present += Layout.Blocks[b].Kind == BlockKind.Real && missing[b] == 0 ? Layout.Blocks[b].Width : 0;
        return (double)present / _layout.RealWidth;
    }

    private double CrossEntropies(ReadOnlySpan<float> values, ReadOnlySpan<byte> missing, int row, FrozenFlowScratch scratch)
    {
        TakeTargets(values, scratch);
        var sum = 0.0;
        for (var i = 0; i < _layout.DiscreteBlocks.Length; i++)
        {
            if (missing.IsEmpty || missing[_layout.DiscreteBlocks[i]] == 0)
                sum += CrossEntropy(i, row, scratch.Targets, scratch);
        }

        return sum;
    }

    private float CrossEntropy(int block, int row, float[] targets, FrozenFlowScratch scratch)
    {
        fixed (float* outputs = &scratch.Decoded[(row * parts.Decoder[^1].Outputs) + (2 * _layout.RealWidth)], target = targets)
        {
            return ReconstructionError.AddBlock<Lanes1, float>(
                _layout.Discrete!.Blocks[block], block, 1f, new ReconstructedRows(outputs, target, null, 1), 0f);
        }
    }

    private void TakeTargets(ReadOnlySpan<float> values, FrozenFlowScratch scratch)
    {
        for (var i = 0; i < _layout.DiscreteBlocks.Length; i++)
        {
            var block = Layout.Blocks[_layout.DiscreteBlocks[i]];
            values[block.Start..block.End].CopyTo(scratch.Targets.AsSpan(_layout.Discrete!.Blocks[i].Start));
        }
    }

    /// <summary>Computes by how much the density of one row rises as each real block in turn holds what was expected.</summary>
    private void RealDrops(ReadOnlySpan<float> row, ReadOnlySpan<byte> missing, Span<double> drops, ReadOnlySpan<float> code, FrozenFlowScratch scratch)
    {
        var share = PresentShare(missing);
        _ = Residuals(row, missing, 0, scratch);
        scratch.Residuals.AsSpan(0, _layout.RealWidth).CopyTo(scratch.Observed);
        for (var i = 0; i < ChunkRows; i++)
            code.CopyTo(scratch.Codes.AsSpan(i * LatentWidth));

        // The row itself is the first of the copies that the flow judges side by side; each of the others has one block replaced.
        var (own, start, copies) = (0.0, 0, 1);
        scratch.Replaced[0] = RowItself;
        for (var b = 0; b < Layout.BlockCount; b++)
        {
            var block = Layout.Blocks[b];
            if (block.Kind != BlockKind.Real)
                continue;
            if (missing.IsEmpty || missing[b] == 0)
            {
                if (copies == ChunkRows)
                {
                    Judge(ref own, drops, copies, share, scratch);
                    copies = 0;
                }

                var place = scratch.Residuals.AsSpan(copies * _layout.RealWidth, _layout.RealWidth);
                scratch.Observed.CopyTo(place);
                scratch.Expected.AsSpan(start, block.Width).CopyTo(place[start..]);
                scratch.Replaced[copies++] = b;
            }

            start += block.Width;
        }

        Judge(ref own, drops, copies, share, scratch);
    }

    /// <summary>Judges the first rows of residuals, which are overwritten: the row itself, whose energy is handed out, and copies, whose energies are taken from it.</summary>
    private void Judge(ref double own, Span<double> drops, int copies, double share, FrozenFlowScratch scratch)
    {
        var width = _layout.RealWidth;
        var noise = scratch.Residuals.AsSpan(0, copies * width);
        var logDeterminants = scratch.LogDeterminants.AsSpan(0, copies);
        parts.Flow!.Forward(noise, scratch.Codes.AsSpan(0, copies * LatentWidth), scratch.CodeOfLevel, logDeterminants, scratch.Flow!);
        for (var i = 0; i < copies; i++)
        {
            var energy = HalfSquares(noise.Slice(i * width, width)) - (share * logDeterminants[i]);
            if (scratch.Replaced[i] == RowItself)
                own = energy;
            else
                drops[scratch.Replaced[i]] = own - energy;
        }
    }

    private void DiscreteDrops(ReadOnlySpan<float> row, ReadOnlySpan<byte> missing, Span<double> drops, FrozenFlowScratch scratch)
    {
        TakeTargets(row, scratch);
        var logits = scratch.Decoded.AsSpan(2 * _layout.RealWidth, _layout.DiscreteWidth);
        scratch.LikeliestTargets.AsSpan().Clear();
        for (var i = 0; i < _layout.DiscreteBlocks.Length; i++)
        {
            var block = _layout.Discrete!.Blocks[i];
            var original = Layout.Blocks[_layout.DiscreteBlocks[i]];
            var own = logits[block.Start..block.End];
            own.CopyTo(scratch.Outputs.AsSpan(original.Start));
            var largest = 0;
            for (var j = 0; j < own.Length; j++)
            {
                largest = own[j] > own[largest] ? j : largest;
                if (block.Kind == BlockKind.Binary)
                    scratch.LikeliestTargets[block.Start + j] = own[j] > 0 ? 1 : 0;
            }

            if (block.Kind == BlockKind.Category)
                scratch.LikeliestTargets[block.Start + largest] = 1;
            if (missing.IsEmpty || missing[_layout.DiscreteBlocks[i]] == 0)
                drops[_layout.DiscreteBlocks[i]] = (double)CrossEntropy(i, 0, scratch.Targets, scratch) - CrossEntropy(i, 0, scratch.LikeliestTargets, scratch);
        }
    }

    private static double HalfSquares(ReadOnlySpan<float> noise)
    {
        var sum = 0.0;
        foreach (var value in noise)
            sum += (double)value * value;
        return sum / 2;
    }
}
