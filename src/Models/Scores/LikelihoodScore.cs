using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;

namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by their negative log-likelihood around the reconstruction; see <see cref="RecordLikelihood"/>.</summary>
internal sealed class LikelihoodScore : ScorePart
{
    private const string Name = "likelihood";

    private readonly RecordLikelihood _likelihood;

    private LikelihoodScore(RecordLikelihood likelihood) => _likelihood = likelihood;

    public override IReadOnlyList<ScoreKind> Kinds { get; } = [ScoreKind.Likelihood];

    public override ScoreNeeds Needs => ScoreNeeds.Outputs;

    public override bool IsSigned => true;

    /// <summary>Fits the variances.</summary>
    public static LikelihoodScore Fit(NormalRows rows)
    {
        var (squares, counts) = (new double[rows.Layout.Width], new double[rows.Layout.BlockCount]);
        RecordLikelihood.AddSquares(rows, 0, rows.Outputs, squares, counts);
        return new LikelihoodScore(RecordLikelihood.Fit(rows.Layout, squares, counts));
    }

    /// <summary>Takes the fitted score back.</summary>
    public static LikelihoodScore Take(ScoreStore store, FeatureLayout layout) => new(RecordLikelihood.Take(store, Name, layout));

    public override void Keep(ScoreStore store) => _likelihood.Keep(store, Name);

    public override void Judge(in ScoredRows rows, Span<float> energies, Span<float> work)
    {
        var width = rows.Layout.Width;
        for (var row = 0; row < rows.Count; row++)
            energies[row] = (float)_likelihood.Energy(rows.Values.Slice(row * width, width), rows.FlagsOf(row), rows.Outputs.Slice(row * width, width));
    }

    protected override void Share(in ScoredRows row, ReadOnlySpan<float> own, Span<double> costs, Span<float> work)
    {
        for (var b = 0; b < costs.Length; b++)
            costs[b] = row.Missing.IsEmpty || row.Missing[b] == 0 ? _likelihood.Cost(b, row.Values, row.Outputs) : 0;
    }
}
