using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;

namespace AEAnomaly.Models.Scores;

/// <summary>Scores rows by scores fitted on top of a model, whose expected values and latent vectors it gives.</summary>
/// <param name="model">Model of single records.</param>
/// <param name="suite">Fitted scores.</param>
internal sealed class FrozenScoredModel(FrozenModel model, ScoreSuite suite) : FrozenModel
{
    /// <summary>Most rows of one pass.</summary>
    public const int ChunkRows = 64;

    private readonly ResidualVector _residuals = new(model.Layout);

    public override FeatureLayout Layout => model.Layout;

    public override int LatentWidth => model.LatentWidth;

    public override ScoringScratch CreateScratch() => new ScoredScratch(this, model, suite, _residuals.WorkFloats);

    private protected override void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        var own = (ScoredScratch)scratch;
        for (var done = 0; done < scores.Length; done += ChunkRows)
        {
            var count = Math.Min(ChunkRows, scores.Length - done);
            var flags = missing.IsEmpty ? default : missing.Slice(done * Layout.BlockCount, count * Layout.BlockCount);
            suite.Score(ReadRows(rows.Slice(done * Layout.Width, count * Layout.Width), flags, count, own), scores.Slice(done, count), own.Work);
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
        var own = (ScoredScratch)scratch;
        var ownParts = new float[Layout.BlockCount];
        model.Explain(row, missing, ownParts, expected, latent, own.Base);
        var (costs, parts) = (new double[suite.Parts.Max(part => part.Kinds.Count) * Layout.BlockCount], new float[Layout.BlockCount]);
        var rows = ReadRows(row, missing, 1, own);
        var score = 0f;
        contributions.Clear();
        for (var i = 0; i < suite.Parts.Count; i++)
        {
            var energies = own.Work.AsSpan(0, suite.Parts[i].Kinds.Count);
            var work = own.Work.AsSpan(energies.Length);
            ScoreSuite.Explain(suite.Parts[i], rows, ownParts, energies, costs, work);
            for (var kind = 0; kind < energies.Length; kind++)
            {
                var part = suite.Weigh(i, kind, energies[kind]);
                score += part;
                BlockShares.Divide(part, costs.AsSpan(kind * parts.Length, parts.Length), missing, parts);
                for (var b = 0; b < parts.Length; b++)
                    contributions[b] += parts[b];
            }
        }

        return score;
    }

    private ScoredRows ReadRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, int count, ScoredScratch scratch)
    {
        var floats = count * Layout.Width;
        var scores = Wanted(scratch.Scores, count);
        var outputs = Wanted(scratch.Outputs, floats);
        var latent = Wanted(scratch.Latent, count * LatentWidth);
        if (!scores.IsEmpty || !outputs.IsEmpty || !latent.IsEmpty)
            model.Read(rows, missing, count, new RowReadings(scores, outputs, latent), scratch.Base);

        var residuals = Wanted(scratch.Residuals, floats);
        if (!residuals.IsEmpty)
            _residuals.Compute(rows, missing, outputs, residuals, scratch.Work);
        return new ScoredRows { Layout = Layout, Count = count, Values = rows, Missing = missing, Own = scores, Outputs = outputs, Residuals = residuals, Latent = latent };
    }

    private static Span<float> Wanted(float[] buffer, int count) => buffer.Length == 0 ? default : buffer.AsSpan(0, count);
}
