using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Scores;

/// <summary>Fits the scores that a variant's options ask for, once the weights are final.</summary>
/// <remarks>
/// Covariances, variances and tail probabilities come from the held-out rows, and so does the threshold. Rows that a score was fitted to get lower scores than
/// others; a threshold from them would alert too often. The held-out rows are therefore scored in <see cref="Folds"/> parts, each by scores fitted to the rest
/// (cross-fitting), while the scores that are kept are fitted to all of them.
/// </remarks>
internal sealed class ScoreFitter
{
    private const int Folds = 8;
    private const int MostHeldOutRows = 16_384;
    private const int MostSpreadRows = 8192;

    private readonly VariantOptions _options;
    private readonly FrozenModel _model;
    private readonly FrozenPosterior? _posterior;
    private readonly TrainingSet _set;
    private readonly int[] _heldOutRows;
    private readonly NormalRows _heldOut;
    private readonly NormalRows _remembered;
    private readonly NormalRows _spread;
    private readonly int[][] _folds;

    private ScoreFitter(VariantOptions options, Network network, TrainingSet set, int[] trainingRows, int[] heldOutRows, SeededRandom random)
    {
        _options = options;
        _model = network.Freeze();
        _posterior = network.FreezePosterior();
        _set = set;
        var needs = options.Scores.Aggregate(ScoreNeeds.Own, (all, kind) => all | NeedsOf(kind));
        _heldOutRows = heldOutRows;
        _heldOut = RowReader.Read(_model, set, heldOutRows, needs);
        var shuffled = (int[])trainingRows.Clone();
        random.Shuffle(shuffled);
        var remembers = options.Scores.Any(kind => kind is ScoreKind.NearestNormal or ScoreKind.NearestResidual or ScoreKind.NearestLatent);
        _remembered = RowReader.Read(_model, set, remembers ? shuffled[..Math.Min(options.MemoryRows, shuffled.Length)] : [], needs & ~ScoreNeeds.Own);
        _spread = RowReader.Read(_model, set, remembers ? shuffled[..Math.Min(MostSpreadRows, shuffled.Length)] : [], ScoreNeeds.None);
        var folds = Math.Min(Folds, heldOutRows.Length);
        _folds = [.. Enumerable.Range(0, folds).Select(fold => Enumerable.Range(0, heldOutRows.Length).Where(row => row % folds == fold).ToArray())];
    }

    /// <summary>Fits the scores.</summary>
    /// <param name="options">Options of the variant, every width given.</param>
    /// <param name="network">Network with its final weights.</param>
    /// <param name="set">Records.</param>
    /// <param name="trainingRows">Rows that were learned from.</param>
    /// <param name="heldOutRows">Rows that were not, at least one.</param>
    /// <param name="random">Chooses the remembered rows.</param>
    /// <returns>Null where the variant's own score is all that is asked for.</returns>
    public static FittedScores? Fit(VariantOptions options, Network network, TrainingSet set, int[] trainingRows, int[] heldOutRows, SeededRandom random) =>
        IsOwn(options) ? null : new ScoreFitter(options, network, set, trainingRows, RowSample.Thin(heldOutRows, MostHeldOutRows), random).Fit(heldOutRows);

    /// <summary>Takes scores back from a model's file.</summary>
    /// <param name="options">Options of the variant, every width given.</param>
    /// <param name="network">Network that was read.</param>
    /// <param name="trainingRows">Rows that were learned from.</param>
    /// <returns>Null where the variant's own score is all that was asked for.</returns>
    /// <exception cref="Persistence.ModelFileException">The file lacks what a score was fitted to.</exception>
    public static ScoreSuite? Take(VariantOptions options, Network network, int trainingRows)
    {
        if (IsOwn(options))
            return null;

        var (store, layout, latent) = (new ScoreStore(network.Parameters), network.Layout, network.Freeze().LatentWidth);
        var posterior = network.FreezePosterior();
        ScorePart[] parts = [.. options.Scores.Select(Part)];
        return ScoreSuite.Take(store, parts);

        ScorePart Part(ScoreKind kind) => kind switch
        {
            _ when kind == OwnKind(options) => new OwnScore(kind),
            ScoreKind.Whitened => WhitenedScore.Take(store, layout),
            ScoreKind.Likelihood => LikelihoodScore.Take(store, layout),
            ScoreKind.LatentDistance => LatentDistanceScore.Take(store, latent),
            ScoreKind.NearestNormal or ScoreKind.NearestResidual or ScoreKind.NearestLatent =>
                NearestNormalScore.Take(store, kind, layout, latent, options.MemoryRows, trainingRows, options.Neighbors),
            _ => PosteriorScore.Take(store, kind, posterior!, layout, SamplesOf(options, kind)),
        };
    }

    private static ScoreKind OwnKind(VariantOptions options) => VariantCatalog.Describe(options).Scores[0];

    private static bool IsOwn(VariantOptions options) => options.Scores.Count == 0 || (options.Scores.Count == 1 && options.Scores[0] == OwnKind(options));

    private static int SamplesOf(VariantOptions options, ScoreKind kind) =>
        kind == ScoreKind.ImportanceBound ? ((VariationalOptions)options).ImportanceSamples : ((VariationalOptions)options).PosteriorSamples;

    private ScoreNeeds NeedsOf(ScoreKind kind) => kind switch
    {
        _ when kind == OwnKind(_options) => ScoreNeeds.Own,
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
        var scores = new float[heldOutRows.Length];
        var (model, width, blocks) = (new FrozenScoredModel(_model, fitted.Suite), _set.Layout.Width, _set.Layout.BlockCount);
        var scratch = model.CreateScratch();
        for (int i = 0, next = 0; i < scores.Length; i++)
        {
            var row = heldOutRows[i];
            if (next < _heldOut.Count && _heldOutRows[next] == row)
                scores[i] = fitted.HeldOut[next++];
            else
                model.Score(_set.Values.AsSpan(row * width, width), _set.Missing is null ? default : _set.Missing.AsSpan(row * blocks, blocks), scores.AsSpan(i, 1), scratch);
        }

        return fitted with { HeldOut = scores };
    }

    private FittedScores Fit()
    {
        var parts = _options.Scores.Select(kind => Part(kind, _heldOut)).ToArray();
        var energies = parts.Select(Energies).ToArray();
        if (parts.Length == 1)
        {
            var single = new ScoreSuite(parts, [], parts[0].IsSigned ? Surprise.Reference(energies[0]) : 0);
            return new FittedScores(single, Array.ConvertAll(energies[0], energy => single.Weigh(0, energy)));
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
        _ when kind == OwnKind(_options) => new OwnScore(kind),
        ScoreKind.Whitened => WhitenedScore.Fit(heldOut),
        ScoreKind.Likelihood => LikelihoodScore.Fit(heldOut),
        ScoreKind.LatentDistance => LatentDistanceScore.Fit(heldOut),
        ScoreKind.NearestNormal => NearestNormalScore.Fit(kind, _remembered, _spread, _options.MemoryRows, _options.Neighbors),
        ScoreKind.NearestResidual or ScoreKind.NearestLatent => NearestNormalScore.Fit(kind, _remembered, heldOut, _options.MemoryRows, _options.Neighbors),
        _ => PosteriorScore.Fit(kind, _posterior!, heldOut, SamplesOf(_options, kind)),
    };

    // The energies of the held-out rows, each by a score fitted to the other folds.
    private float[] Energies(ScorePart part)
    {
        var energies = new float[_heldOut.Count];
        var readsHeldOut = part.Kind != OwnKind(_options) && part.Kind is not (ScoreKind.NearestNormal or ScoreKind.NearestLatent);
        foreach (var fold in readsHeldOut && _folds.Length > 1 ? _folds : [])
        {
            var judged = Judge(Part(part.Kind, _heldOut.Take(Others(fold))), _heldOut.Take(fold));
            for (var i = 0; i < fold.Length; i++)
                energies[fold[i]] = judged[i];
        }

        return readsHeldOut && _folds.Length > 1 ? energies : Judge(part, _heldOut);
    }

    private int[] Others(int[] fold) => [.. _folds.Where(other => other != fold).SelectMany(other => other).Order()];

    private static float[] Judge(ScorePart part, NormalRows rows)
    {
        var energies = new float[rows.Count];
        var work = new float[part.WorkFloats(FrozenScoredModel.ChunkRows)];
        for (var start = 0; start < rows.Count; start += FrozenScoredModel.ChunkRows)
        {
            var count = Math.Min(FrozenScoredModel.ChunkRows, rows.Count - start);
            ScoreSuite.Judge(part, rows.Slice(start, count), energies.AsSpan(start, count), work);
        }

        return energies;
    }
}
