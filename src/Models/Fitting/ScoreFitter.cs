using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Scores.Nearest;

namespace AEAnomaly.Models.Fitting;

/// <summary>Fits the scores that a variant's options ask for, once the weights are final.</summary>
/// <remarks>
/// Covariances, variances and tail probabilities come from the held-out rows, and so does the threshold. Rows that a score was fitted to get lower scores than
/// others; a threshold from them would alert too often. The held-out rows are therefore scored in <see cref="HeldOutTails.Folds"/> parts, each by scores fitted to the rest
/// (cross-fitting), while the scores that are kept are fitted to all of them.
/// </remarks>
internal sealed class ScoreFitter
{
    private const int MostHeldOutRows = 16_384;
    private const int MostSpreadRows = 8192;

    private readonly VariantOptions _options;
    private readonly ScoreKind _own;
    private readonly FrozenModel _model;
    private readonly FrozenPosterior? _posterior;
    private readonly FitRows _rows;
    private readonly int[] _heldOutRows;
    private readonly NormalRows _heldOut;
    private readonly NormalRows _remembered;
    private readonly NormalRows _training;
    private readonly ScoreKind[] _compared;
    private readonly int[][] _folds;

    private ScoreFitter(VariantOptions options, ScoreKind own, Network network, FitRows rows, int[] heldOutRows, SeededRandom random)
    {
        _options = options;
        _own = own;
        _model = network.Freeze();
        _posterior = network.FreezePosterior();
        _rows = rows;
        var set = rows.Set;
        var needs = options.Scores.Aggregate(ScoreNeeds.Own, (all, kind) => all | NeedsOf(kind));
        _heldOutRows = heldOutRows;
        _heldOut = RowReader.Read(_model, set, rows.Donors, heldOutRows, needs);
        var shuffled = (int[])rows.Training.Clone();
        random.Shuffle(shuffled);
        _compared = ComparedKinds(options);
        var remembered = _compared.Length == 0 ? 0 : NearestNormalScore.RowsOf(_compared, options.MemoryRows, shuffled.Length, set.Layout.Width, _model.LatentWidth);
        _remembered = RowReader.Read(_model, set, rows.Donors, shuffled[..remembered], needs & ~ScoreNeeds.Own);
        _training = RowReader.Read(_model, set, rows.Donors, _compared.Length == 0 ? [] : shuffled[..Math.Min(MostSpreadRows, shuffled.Length)], ScoreNeeds.None);
        var folds = Math.Min(HeldOutTails.Folds, heldOutRows.Length);
        _folds = [.. Enumerable.Range(0, folds).Select(fold => Enumerable.Range(0, heldOutRows.Length).Where(row => row % folds == fold).ToArray())];
    }

    /// <summary>Fits the scores.</summary>
    /// <param name="options">Options of the variant, every width given.</param>
    /// <param name="own">Kind that is the variant's own score.</param>
    /// <param name="network">Network with its final weights.</param>
    /// <param name="rows">Rows that were learned from, and rows that were not, at least one.</param>
    /// <param name="random">Chooses the remembered rows.</param>
    /// <returns>Null where the variant's own score is all that is asked for.</returns>
    public static FittedScores? Fit(VariantOptions options, ScoreKind own, Network network, FitRows rows, SeededRandom random) =>
        IsOwn(options, own) ? null : new ScoreFitter(options, own, network, rows, RowSample.Thin(rows.HeldOut, MostHeldOutRows), random).Fit(rows.HeldOut);

    /// <summary>Takes scores back from a model's file.</summary>
    /// <param name="options">Options of the variant, every width given.</param>
    /// <param name="own">Kind that is the variant's own score.</param>
    /// <param name="network">Network that was read.</param>
    /// <param name="trainingRows">Rows that were learned from.</param>
    /// <returns>Null where the variant's own score is all that was asked for.</returns>
    /// <exception cref="Persistence.ModelFileException">The file lacks what a score was fitted to.</exception>
    public static ScoreSuite? Take(VariantOptions options, ScoreKind own, Network network, int trainingRows)
    {
        if (IsOwn(options, own))
            return null;

        var (store, layout, latent) = (new ScoreStore(network.Parameters), network.Layout, network.Freeze().LatentWidth);
        var posterior = network.FreezePosterior();
        var compared = ComparedKinds(options);
        return ScoreSuite.Take(store, [.. PartKinds(options).Select(Part)]);

        ScorePart Part(ScoreKind kind) => kind switch
        {
            _ when kind == own => new OwnScore(kind),
            ScoreKind.Whitened => WhitenedScore.Take(store, layout),
            ScoreKind.Likelihood => LikelihoodScore.Take(store, layout),
            ScoreKind.LatentDistance => LatentDistanceScore.Take(store, latent),
            _ when compared.Contains(kind) => NearestNormalScore.Take(
                store, compared, layout, latent, NearestNormalScore.RowsOf(compared, options.MemoryRows, trainingRows, layout.Width, latent), options.Neighbors),
            _ => PosteriorScore.Take(store, kind, posterior!, layout, SamplesOf(options, kind)),
        };
    }

    private static ScoreKind[] ComparedKinds(VariantOptions options) =>
        [.. options.Scores.Where(kind => kind is ScoreKind.NearestNormal or ScoreKind.NearestResidual or ScoreKind.NearestLatent)];

    // Rows are compared in all spaces at once: the first of these kinds stands for all.
    private static IEnumerable<ScoreKind> PartKinds(VariantOptions options)
    {
        var compared = ComparedKinds(options);
        return options.Scores.Where(kind => !compared.Contains(kind) || kind == compared[0]);
    }

    private static bool IsOwn(VariantOptions options, ScoreKind own) => options.Scores.Count == 0 || (options.Scores.Count == 1 && options.Scores[0] == own);

    private static int SamplesOf(VariantOptions options, ScoreKind kind) =>
        kind == ScoreKind.ImportanceBound ? ((VariationalOptions)options).ImportanceSamples : ((VariationalOptions)options).PosteriorSamples;

    private ScoreNeeds NeedsOf(ScoreKind kind) => kind switch
    {
        _ when kind == _own => ScoreNeeds.Own,
        ScoreKind.Whitened or ScoreKind.NearestResidual => ScoreNeeds.Residuals,
        ScoreKind.Likelihood => ScoreNeeds.Outputs,
        ScoreKind.LatentDistance or ScoreKind.NearestLatent => ScoreNeeds.Latent,
        _ => ScoreNeeds.None,
    };

    private FittedScores Fit(int[] heldOutRows)
    {
        var fitted = Fit();
        if (heldOutRows.Length == _heldOut.Count)
            return fitted;

        // Nothing was fitted to the rows that were thinned out: they are like any others.
        var others = _rows.Donors.Over(new FrozenScoredModel(_model, fitted.Suite)).ScoreAt(_rows.Set.Values, _rows.Set.Missing, [.. heldOutRows.Except(_heldOutRows)]);
        var scores = new float[heldOutRows.Length];
        for (int i = 0, next = 0; i < scores.Length; i++)
            scores[i] = next < _heldOut.Count && _heldOutRows[next] == heldOutRows[i] ? fitted.HeldOut[next++] : others[i - next];

        return fitted with { HeldOut = scores };
    }

    private FittedScores Fit()
    {
        ScorePart[] parts = [.. PartKinds(_options).Select(kind => Part(kind, _heldOut))];
        float[][] energies = [.. parts.SelectMany(Energies)];
        if (energies.Length == 1)
        {
            var single = new ScoreSuite(parts, [], parts[0].IsSigned ? Surprise.Reference(energies[0]) : 0);
            return new FittedScores(single, Array.ConvertAll(energies[0], energy => single.Weigh(0, 0, energy)));
        }

        var heldOut = new float[_heldOut.Count];
        foreach (var part in energies)
        {
            var surprises = HeldOutTails.Surprises(part);
            for (var row = 0; row < heldOut.Length; row++)
                heldOut[row] += surprises[row];
        }

        return new FittedScores(new ScoreSuite(parts, [.. energies.Select(part => TailCalibration.Fit(part))], 0), heldOut);
    }

    private ScorePart Part(ScoreKind kind, NormalRows heldOut) => kind switch
    {
        _ when kind == _own => new OwnScore(kind),
        ScoreKind.Whitened => WhitenedScore.Fit(heldOut),
        ScoreKind.Likelihood => LikelihoodScore.Fit(heldOut),
        ScoreKind.LatentDistance => LatentDistanceScore.Fit(heldOut),
        _ when _compared.Contains(kind) => NearestNormalScore.Fit(_compared, _remembered, _training, heldOut, _options.Neighbors),
        _ => PosteriorScore.Fit(kind, _posterior!, heldOut, SamplesOf(_options, kind)),
    };

    // The energies of the held-out rows, kind by kind, each by a score fitted to the other folds. Remembered rows are training rows: there is nothing to leave out,
    // but variances, in which a row's own part does not show.
    private float[][] Energies(ScorePart part)
    {
        var kind = part.Kinds[0];
        if (_folds.Length < 2 || kind == _own || _compared.Contains(kind))
            return Judge(part, _heldOut);

        var energies = new float[_heldOut.Count];
        foreach (var fold in _folds)
        {
            var judged = Judge(Part(kind, _heldOut.Take(Others(fold))), _heldOut.Take(fold))[0];
            for (var i = 0; i < fold.Length; i++)
                energies[fold[i]] = judged[i];
        }

        return [energies];
    }

    private int[] Others(int[] fold) => [.. _folds.Where(other => other != fold).SelectMany(other => other).Order()];

    private static float[][] Judge(ScorePart part, NormalRows rows)
    {
        float[][] energies = [.. part.Kinds.Select(_ => new float[rows.Count])];
        var chunk = new float[part.Kinds.Count * FrozenScoredModel.ChunkRows];
        var work = new float[part.WorkFloats(FrozenScoredModel.ChunkRows)];
        for (var start = 0; start < rows.Count; start += FrozenScoredModel.ChunkRows)
        {
            var count = Math.Min(FrozenScoredModel.ChunkRows, rows.Count - start);
            ScoreSuite.Judge(part, rows.Slice(start, count), chunk.AsSpan(0, part.Kinds.Count * count), work);
            for (var kind = 0; kind < energies.Length; kind++)
                chunk.AsSpan(kind * count, count).CopyTo(energies[kind].AsSpan(start));
        }

        return energies;
    }
}
