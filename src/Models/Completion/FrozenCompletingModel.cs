using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Models.Completion;

/// <summary>Scores rows that lack fields by the most usual of the rows they may be; whole rows pass through.</summary>
/// <remarks>
/// A row with missing fields is completed from each of its nearest donors, and scored as the least anomalous of these rows: what nobody saw speaks for it as far as it can,
/// and what was seen is judged in full. A field that the donor lacks too stays missing. A row whose last record has no field at all scores 0: there is nothing to judge.
/// </remarks>
/// <param name="model">Model of whole rows.</param>
/// <param name="donors">Donors of its rows.</param>
internal sealed class FrozenCompletingModel(FrozenModel model, DonorRows donors) : FrozenModel
{
    /// <summary>Rows that are completed together.</summary>
    public const int ChunkRows = 8;

    public override FeatureLayout Layout => model.Layout;

    public override int Window => model.Window;

    public override int LatentWidth => model.LatentWidth;

    public override FrozenModel WithoutCompletion => model;

    private protected override bool CanLeaveContributionsOut => true;

    public override ScoringScratch CreateScratch() => new CompletingScratch(this, donors);

    private protected override void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        var own = (CompletingScratch)scratch;
        model.Score(rows, missing, scores, own.Inner);
        var shape = donors.Shape;
        var gathered = 0;
        for (var row = 0; row < scores.Length && !missing.IsEmpty; row++)
        {
            var flags = missing.Slice(row * shape.Blocks, shape.Blocks);
            if (!flags.ContainsAnyExcept((byte)0))
                continue;
            own.Gather(gathered++, row, rows.Slice(row * shape.Width, shape.Width), flags, scores[row]);
            if (gathered < ChunkRows)
                continue;
            ScoreGathered(gathered, scores, own);
            gathered = 0;
        }

        ScoreGathered(gathered, scores, own);
    }

    private protected override float ExplainRow(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        ScoringScratch scratch)
    {
        var own = (CompletingScratch)scratch;
        if (!missing.ContainsAnyExcept((byte)0))
            return model.Explain(row, missing, contributions, expected, latent, own.Inner);

        Span<float> score = stackalloc float[1];
        model.Score(row, missing, score, own.Inner);
        own.Gather(0, 0, row, missing, score[0]);
        ScoreGathered(1, score, own);
        var chosen = own.Chosen[0];
        var values = chosen < 0 ? row : own.ValuesOf(chosen);
        var flags = chosen < 0 ? missing : own.FlagsOf(chosen);
        model.Explain(values, flags.ContainsAnyExcept((byte)0) ? flags : default, contributions, expected, latent, own.Inner);
        if (!contributions.IsEmpty)
            Share(score[0], missing[^Layout.BlockCount..], contributions);
        return score[0];
    }

    // What was filled in explains nothing; the fields that are there share the score as they do among themselves.
    private static void Share(float score, ReadOnlySpan<byte> missing, Span<float> contributions)
    {
        var costs = new double[contributions.Length];
        for (var b = 0; b < costs.Length; b++)
            costs[b] = missing[b] == 0 ? contributions[b] : 0;
        BlockShares.Divide(score, costs, missing, contributions);
    }

    private void ScoreGathered(int rows, Span<float> scores, CompletingScratch own)
    {
        if (rows == 0)
            return;

        own.Complete(rows, donors);
        if (own.Candidates > 0)
        {
            var flags = own.CandidateFlags;
            model.Score(own.CandidateValues, flags.ContainsAnyExcept((byte)0) ? flags : default, own.CandidateScores, own.Inner);
        }

        for (var i = 0; i < rows; i++)
            scores[own.Rows[i]] = own.Choose(i);
    }
}
