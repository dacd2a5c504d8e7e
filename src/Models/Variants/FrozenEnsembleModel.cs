using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Variants;

/// <summary>Scores rows with several models, each calibrated to tail probabilities; see <see cref="SurpriseMix"/>.</summary>
/// <param name="members">Models of one layout that read single records.</param>
/// <param name="calibrations">Calibration of each member's scores.</param>
internal sealed class FrozenEnsembleModel(IReadOnlyList<FrozenModel> members, IReadOnlyList<TailCalibration> calibrations) : FrozenModel
{
    /// <summary>Most rows of one pass: a member's weights stay in the cache meanwhile.</summary>
    public const int ChunkRows = 256;

    private readonly FrozenModel[] _members = [.. members];
    private readonly TailCalibration[] _calibrations = [.. calibrations];

    public override Features.FeatureLayout Layout => _members[0].Layout;

    public override int LatentWidth { get; } = members.Sum(member => member.LatentWidth);

    public IReadOnlyList<FrozenModel> Members => _members;

    public override ScoringScratch CreateScratch() => new EnsembleScratch(this);

    private protected override void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        var own = (EnsembleScratch)scratch;
        for (var done = 0; done < scores.Length; done += ChunkRows)
        {
            var count = Math.Min(ChunkRows, scores.Length - done);
            var flags = missing.IsEmpty ? default : missing.Slice(done * Layout.BlockCount, count * Layout.BlockCount);
            var chunk = rows.Slice(done * Layout.Width, count * Layout.Width);
            for (var i = 0; i < _members.Length; i++)
            {
                var surprises = own.Surprises.AsSpan(i * ChunkRows, count);
                _members[i].Score(chunk, flags, surprises, own.Members[i]);
                Calibrate(_calibrations[i], surprises);
            }

            SurpriseMix.Combine(own.Surprises, ChunkRows, scores.Slice(done, count));
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
        var own = (EnsembleScratch)scratch;
        Array.Clear(own.Costs);
        Array.Clear(own.Expected);
        var codes = 0;
        for (var i = 0; i < _members.Length; i++)
        {
            var member = _members[i];
            var parts = own.Contributions.AsSpan(i * Layout.BlockCount, Layout.BlockCount);
            own.RowSurprises[i] = member.Explain(row, missing, parts, expected, latent.Slice(codes, member.LatentWidth), own.Members[i]);
            codes += member.LatentWidth;
            for (var feature = 0; feature < expected.Length; feature++)
                own.Expected[feature] += expected[feature];
        }

        for (var i = 0; i < _members.Length; i++)
            Calibrate(_calibrations[i], own.RowSurprises.AsSpan(i, 1));
        for (var feature = 0; feature < expected.Length; feature++)
            expected[feature] = (float)(own.Expected[feature] / _members.Length);

        Span<float> score = stackalloc float[1];
        SurpriseMix.Combine(own.RowSurprises, 1, score);
        SurpriseMix.Divide(own.RowSurprises, own.RowParts);
        for (var i = 0; i < _members.Length; i++)
            AddShares(own.Contributions.AsSpan(i * Layout.BlockCount, Layout.BlockCount), own.RowParts[i], own.Costs);
        BlockShares.Divide(score[0], own.Costs, missing, contributions);
        return score[0];
    }

    // A member's blocks share what the member adds to the mix, whatever the unit of its own score.
    private static void AddShares(ReadOnlySpan<float> contributions, float part, Span<double> costs)
    {
        var total = 0.0;
        foreach (var contribution in contributions)
            total += Math.Max(0, contribution);
        if (!(total > 0) || !double.IsFinite(total))
            return;

        for (var b = 0; b < costs.Length; b++)
            costs[b] += part * Math.Max(0, contributions[b]) / total;
    }

    // What overflowed on the way is no number, and as far from normal as can be.
    private static void Calibrate(TailCalibration calibration, Span<float> scores)
    {
        foreach (ref var score in scores)
            score = calibration.Apply(float.IsNaN(score) ? float.MaxValue : score);
    }
}
