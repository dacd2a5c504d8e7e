using AEAnomaly.Models.Features;
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

    private readonly VariantOptions _options;
    private readonly FrozenModel _model;
    private readonly FrozenPosterior? _posterior;
    private readonly TrainingSet _set;
    private readonly int[] _heldOutRows;
    private readonly NormalRows _heldOut;
    private readonly NormalRows _remembered;
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
        _remembered = RowReader.Read(_model, set, shuffled[..MemoryRows(options, shuffled.Length, set.Layout, _model.LatentWidth)], needs & ~ScoreNeeds.Own);
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
        var rows = MemoryRows(options, trainingRows, layout, latent);
        ScorePart[] parts = [.. Groups(options).Select(Part)];
        return ScoreSuite.Take(store, parts);

        ScorePart Part(ScoreKind[] kinds) => kinds[0] switch
        {
            var kind when kind == OwnKind(options) => new OwnScore(kind),
            ScoreKind.Whitened => WhitenedScore.Take(store, layout),
            ScoreKind.Likelihood => LikelihoodScore.Take(store, layout),
            ScoreKind.LatentDistance => LatentDistanceScore.Take(store, latent),
            var kind when NearestScore.Is(kind) => NearestScore.Take(store, kinds, layout, latent, rows, options.Neighbors),
            var kind => PosteriorScore.Take(store, kind, posterior!, layout, SamplesOf(options, kind)),
        };
    }

    private static ScoreKind OwnKind(VariantOptions options) => VariantCatalog.Describe(options).Scores[0];

    private static bool IsOwn(VariantOptions options) => options.Scores.Count == 0 || (options.Scores.Count == 1 && options.Scores[0] == OwnKind(options));

    // The nearest_* scores share one memory and one search: they are fitted together, where the first of them stands.
    private static IEnumerable<ScoreKind[]> Groups(VariantOptions options)
    {
        var nearest = options.Scores.Where(NearestScore.Is).ToArray();
        foreach (var kind in options.Scores)
        {
            if (!NearestScore.Is(kind))
                yield return [kind];
            else if (kind == nearest[0])
                yield return nearest;
        }
    }

    private static int MemoryRows(VariantOptions options, int trainingRows, FeatureLayout layout, int latentWidth)
    {
        var nearest = options.Scores.Where(NearestScore.Is).ToArray();
        return nearest.Length == 0 ? 0 : NearestScore.RowsOf(nearest, options.MemoryRows, trainingRows, layout.Width, latentWidth);
    }

    private static int SamplesOf(VariantOptions options, ScoreKind kind) =>
        kind == ScoreKind.ImportanceBound ? ((VariationalOptions)options).ImportanceSamples : ((VariationalOptions)options).PosteriorSamples;

    private ScoreNeeds NeedsOf(ScoreKind kind) => kind switch
    {
        _ when kind == OwnKind(_options) => ScoreNeeds.Own,
        ScoreKind.Whitened => ScoreNeeds.Residuals,
        ScoreKind.Likelihood => ScoreNeeds.Outputs,
        ScoreKind.LatentDistance => ScoreNeeds.Latent,
        _ => NearestScore.NeedsOf(kind),
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
        ScorePart[] parts = [.. Groups(_options).Select(kinds => Part(kinds, _heldOut))];
        float[][] energies = [.. Groups(_options).Zip(parts, Energies).SelectMany(each => each)];
        if (energies.Length == 1)
        {
            var single = new ScoreSuite(parts, [], parts[0].IsSigned ? Surprise.Reference(energies[0]) : 0);
            return new FittedScores(single, Array.ConvertAll(energies[0], energy => single.Weigh(0, energy)));
        }

        var heldOut = new float[_heldOut.Count];
        foreach (var part in energies)
            AddTails(part, heldOut);
        return new FittedScores(new ScoreSuite(parts, [.. energies.Select(part => TailCalibration.Fit(part))], 0), heldOut);
    }

    private ScorePart Part(ScoreKind[] kinds, NormalRows heldOut) => kinds[0] switch
    {
        var kind when kind == OwnKind(_options) => new OwnScore(kind),
        ScoreKind.Whitened => WhitenedScore.Fit(heldOut),
        ScoreKind.Likelihood => LikelihoodScore.Fit(heldOut),
        ScoreKind.LatentDistance => LatentDistanceScore.Fit(heldOut),
        var kind when NearestScore.Is(kind) => NearestScore.Fit(kinds, _remembered, heldOut, _options.Neighbors),
        var kind => PosteriorScore.Fit(kind, _posterior!, heldOut, SamplesOf(_options, kind)),
    };

    // The energies of the held-out rows, score by score, each by a score fitted to the other folds. A memory is no less distant from a row whose error went into
    // the tempered covariance of errors: measured, alerts stay as rare, and eight memories would take long.
    private float[][] Energies(ScoreKind[] kinds, ScorePart part)
    {
        var readsHeldOut = kinds[0] != OwnKind(_options) && !NearestScore.Is(kinds[0]);
        if (!readsHeldOut || _folds.Length == 1)
            return Judge(part, _heldOut);

        var energies = new float[_heldOut.Count];
        foreach (var fold in _folds)
        {
            var judged = Judge(Part(kinds, _heldOut.Take(Others(fold))), _heldOut.Take(fold))[0];
            for (var i = 0; i < fold.Length; i++)
                energies[fold[i]] = judged[i];
        }

        return [energies];
    }

    private void AddTails(float[] energies, float[] sums)
    {
        foreach (var fold in _folds)
        {
            var others = _folds.Length > 1 ? Others(fold) : fold;
            var tail = TailCalibration.Fit(Array.ConvertAll(others, row => energies[row]));
            foreach (var row in fold)
                sums[row] += tail.Apply(energies[row]);
        }
    }

    private int[] Others(int[] fold) => [.. _folds.Where(other => other != fold).SelectMany(other => other).Order()];

    private static float[][] Judge(ScorePart part, NormalRows rows)
    {
        float[][] energies = [.. Enumerable.Range(0, part.Count).Select(_ => new float[rows.Count])];
        var judged = new float[part.Count * FrozenScoredModel.ChunkRows];
        var work = new float[part.WorkFloats(FrozenScoredModel.ChunkRows)];
        for (var start = 0; start < rows.Count; start += FrozenScoredModel.ChunkRows)
        {
            var count = Math.Min(FrozenScoredModel.ChunkRows, rows.Count - start);
            ScoreSuite.Judge(part, rows.Slice(start, count), judged.AsSpan(0, part.Count * count), work);
            for (var i = 0; i < energies.Length; i++)
                judged.AsSpan(i * count, count).CopyTo(energies[i].AsSpan(start));
        }

        return energies;
    }
}
