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
            ScoreGathered(gathered, own.Find(gathered, donors), scores, own);
            gathered = 0;
        }

        if (gathered > 0)
            ScoreGathered(gathered, own.Find(gathered, donors), scores, own);
    }

    private protected override void ScoreRowWithout(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        ReadOnlySpan<int> fields,
        Span<float> scores,
        Span<float> judged,
        Span<byte> judgedMissing,
        ScoringScratch scratch)
    {
        var own = (CompletingScratch)scratch;
        var shape = donors.Shape;
        model.Score(judged, judgedMissing, scores, own.Inner);
        var found = own.FindWithout(row, missing, fields, donors);
        for (var first = 0; first < fields.Length; first += ChunkRows)
        {
            var rows = Math.Min(ChunkRows, fields.Length - first);
            for (var i = 0; i < rows; i++)
                own.Gather(i, first + i, RowOf(judged, first + i, shape.Width), RowOf(judgedMissing, first + i, shape.Blocks), scores[first + i]);
            ScoreGathered(rows, own.DonorsOf(found, first, rows), scores, own);
            for (var i = 0; i < rows; i++)
            {
                if (own.Chosen[i] is not (>= 0 and var chosen))
                    continue;
                own.ValuesOf(chosen).CopyTo(RowOf(judged, first + i, shape.Width));
                own.FlagsOf(chosen).CopyTo(RowOf(judgedMissing, first + i, shape.Blocks));
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
        var own = (CompletingScratch)scratch;
        if (!missing.ContainsAnyExcept((byte)0))
            return model.Explain(row, missing, contributions, expected, latent, own.Inner);

        Span<float> score = stackalloc float[1];
        model.Score(row, missing, score, own.Inner);
        own.Gather(0, 0, row, missing, score[0]);
        ScoreGathered(1, own.Find(1, donors), score, own);
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

    private static Span<T> RowOf<T>(Span<T> rows, int index, int width) => rows.Slice(index * width, width);

    private void ScoreGathered(int rows, ReadOnlySpan<int> nearest, Span<float> scores, CompletingScratch own)
    {
        own.Complete(rows, nearest, donors);
        if (own.Candidates > 0)
        {
            var flags = own.CandidateFlags;
            model.Score(own.CandidateValues, flags.ContainsAnyExcept((byte)0) ? flags : default, own.CandidateScores, own.Inner);
        }

        for (var i = 0; i < rows; i++)
            scores[own.Rows[i]] = own.Choose(i);
    }
}
