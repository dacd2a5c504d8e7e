using AEAnomaly.Models.Losses;
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
    private readonly TailCalibration[] _tails;
    private readonly int _count;
    private readonly float _reference;

    /// <summary>Creates a suite.</summary>
    /// <param name="parts">Fitted scores, at least one.</param>
    /// <param name="tails">A calibration for each score where there are several, else none.</param>
    /// <param name="reference">Energy of a likely normal row; read where the only score is signed.</param>
    public ScoreSuite(ScorePart[] parts, TailCalibration[] tails, float reference)
    {
        _parts = parts;
        _tails = tails;
        _reference = reference;
        _count = parts.Max(part => part.Count);
        Needs = parts.Aggregate(ScoreNeeds.None, (needs, part) => needs | part.Needs);
    }

    /// <summary>Gets the scores.</summary>
    public IReadOnlyList<ScorePart> Parts => _parts;

    /// <summary>Gets what all of them read.</summary>
    public ScoreNeeds Needs { get; }

    /// <summary>Gets the floats of working memory that so many rows take.</summary>
    public int WorkFloats(int rows) => (_count * rows) + _parts.Max(part => part.WorkFloats(rows));

    /// <summary>Scores rows. Allocates nothing.</summary>
    /// <param name="rows">Rows, with what <see cref="Needs"/> names.</param>
    /// <param name="scores">Receives <c>[rows.Count]</c>.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public void Score(in ScoredRows rows, Span<float> scores, Span<float> work)
    {
        var judged = work[..(_count * rows.Count)];
        work = work[judged.Length..];
        scores.Clear();
        var score = 0;
        foreach (var part in _parts)
        {
            var energies = judged[..(part.Count * rows.Count)];
            Judge(part, rows, energies, work);
            for (; !energies.IsEmpty; energies = energies[rows.Count..], score++)
            {
                for (var row = 0; row < rows.Count; row++)
                    scores[row] += Weigh(score, energies[row]);
            }
        }
    }

    /// <summary>Computes the energies of a part; what is not finite is beyond all.</summary>
    public static void Judge(ScorePart part, in ScoredRows rows, Span<float> energies, Span<float> work)
    {
        part.Judge(rows, energies, work);
        foreach (ref var energy in energies)
            energy = energy < float.MaxValue ? energy : float.MaxValue;
    }

    /// <summary>Turns the energy of one score into its part of the sum, at least 0.</summary>
    /// <param name="score">Index of the score among those of all parts.</param>
    /// <param name="energy">Its energy.</param>
    public float Weigh(int score, float energy) =>
        _tails.Length > 0 ? _tails[score].Apply(energy)
        : _parts[0].IsSigned ? Surprise.Of(energy, _reference)
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
        var count = parts.Sum(part => part.Count);
        if (count == 1)
            return new ScoreSuite(parts, [], store.Take("reference", new Shape(1))[0]);

        var tails = new TailCalibration[count];
        for (var i = 0; i < tails.Length; i++)
            tails[i] = TailCalibration.Restore(store.Take($"tail.{i}", new Shape(TailCalibration.ValueCount)));
        return new ScoreSuite(parts, tails, 0);
    }
}
