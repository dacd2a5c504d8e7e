using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Scores;

/// <summary>Holds fitted scores and makes one number of them: a single one as it is, several as the sum of their -log tail probabilities among held-out rows. Immutable and thread-safe.</summary>
/// <remarks>
/// Energies of either sign, nats, become positive by <see cref="Surprise"/> where they stand alone. Every part counts strictly: a row that one of them finds more
/// anomalous, and no other less, scores higher.
/// </remarks>
internal sealed class ScoreSuite
{
    private readonly ScorePart[] _parts;
    private readonly int[] _firstKinds;
    private readonly TailCalibration[] _tails;
    private readonly float _reference;

    /// <summary>Creates a suite.</summary>
    /// <param name="parts">Fitted scores, at least one.</param>
    /// <param name="tails">One calibration a kind, in the order of the parts, where there are several; else none.</param>
    /// <param name="reference">Energy of a likely normal row; read where the only score is signed.</param>
    public ScoreSuite(ScorePart[] parts, TailCalibration[] tails, float reference)
    {
        _parts = parts;
        _firstKinds = new int[parts.Length];
        for (var i = 1; i < parts.Length; i++)
            _firstKinds[i] = _firstKinds[i - 1] + parts[i - 1].Kinds.Count;
        _tails = tails;
        _reference = reference;
        Needs = parts.Aggregate(ScoreNeeds.None, (needs, part) => needs | part.Needs);
    }

    /// <summary>Gets the scores.</summary>
    public IReadOnlyList<ScorePart> Parts => _parts;

    /// <summary>Gets what all of them read.</summary>
    public ScoreNeeds Needs { get; }

    /// <summary>Gets the floats of working memory that so many rows take.</summary>
    public int WorkFloats(int rows) => _parts.Max(part => (part.Kinds.Count * rows) + part.WorkFloats(rows));

    /// <summary>Scores rows. Allocates nothing.</summary>
    /// <param name="rows">Rows, with what <see cref="Needs"/> names.</param>
    /// <param name="scores">Receives <c>[rows.Count]</c>.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public void Score(in ScoredRows rows, Span<float> scores, Span<float> work)
    {
        scores.Clear();
        for (var i = 0; i < _parts.Length; i++)
        {
            var energies = work[..(_parts[i].Kinds.Count * rows.Count)];
            Judge(_parts[i], rows, energies, work[energies.Length..]);
            for (var j = 0; j < energies.Length; j++)
                scores[j % rows.Count] += Weigh(i, j / rows.Count, energies[j]);
        }
    }

    /// <summary>Computes the energies of one part; what is not finite is beyond all.</summary>
    public static void Judge(ScorePart part, in ScoredRows rows, Span<float> energies, Span<float> work)
    {
        part.Judge(rows, energies, work);
        Bound(energies);
    }

    /// <summary>Computes the energies of one part for one row, and what its blocks cost: <see cref="ScorePart.Explain"/>, bounded as <see cref="Judge"/> does.</summary>
    public static void Explain(ScorePart part, in ScoredRows row, ReadOnlySpan<float> own, Span<float> energies, Span<double> costs, Span<float> work)
    {
        part.Explain(row, own, energies, costs, work);
        Bound(energies);
    }

    /// <summary>Turns the energy of one kind into its part of the sum, at least 0.</summary>
    /// <param name="part">Index of the part.</param>
    /// <param name="kind">Index of the kind in the part.</param>
    /// <param name="energy">Energy.</param>
    public float Weigh(int part, int kind, float energy) =>
        _tails.Length > 0 ? _tails[_firstKinds[part] + kind].Apply(energy)
        : _parts[part].IsSigned ? Surprise.Of(energy, _reference)
        : energy;

    /// <summary>Puts everything that was fitted into the model's file.</summary>
    public void Keep(ScoreStore store)
    {
        foreach (var part in _parts)
            part.Keep(store);
        if (_tails.Length == 0)
        {
            store.Put("reference", new Shape(1), [_reference]);
            return;
        }

        for (var i = 0; i < _tails.Length; i++)
            store.Put($"tail.{i}", new Shape(TailCalibration.ValueCount), _tails[i].Values.ToArray());
    }

    /// <summary>Takes reference and calibrations back.</summary>
    /// <param name="store">Store of a model read from a file.</param>
    /// <param name="parts">Scores that were taken back before.</param>
    public static ScoreSuite Take(ScoreStore store, ScorePart[] parts)
    {
        var kinds = parts.Sum(part => part.Kinds.Count);
        if (kinds == 1)
            return new ScoreSuite(parts, [], store.Take("reference", new Shape(1))[0]);

        var tails = new TailCalibration[kinds];
        for (var i = 0; i < tails.Length; i++)
            tails[i] = TailCalibration.Restore(store.Take($"tail.{i}", new Shape(TailCalibration.ValueCount)));
        return new ScoreSuite(parts, tails, 0);
    }

    private static void Bound(Span<float> energies)
    {
        foreach (ref var energy in energies)
            energy = energy < float.MaxValue ? energy : float.MaxValue;
    }
}
