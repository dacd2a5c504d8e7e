using AEAnomaly.Models.Modules;

namespace AEAnomaly.Models.Scores;

/// <summary>Judges rows by one kind of score, or by several that share their work, with what was fitted to normal rows. Immutable and thread-safe.</summary>
internal abstract class ScorePart
{
    /// <summary>Gets the kinds.</summary>
    public abstract IReadOnlyList<ScoreKind> Kinds { get; }

    /// <summary>Gets what the score reads.</summary>
    public abstract ScoreNeeds Needs { get; }

    /// <summary>Gets whether the energies may be below 0, as nats may.</summary>
    public virtual bool IsSigned => false;

    /// <summary>Gets the floats of working memory that so many rows take.</summary>
    public virtual int WorkFloats(int rows) => 0;

    /// <summary>Computes one energy a row and kind, the higher the more anomalous; each depends on nothing but its row. Allocates nothing.</summary>
    /// <param name="rows">Rows, with what <see cref="Needs"/> names.</param>
    /// <param name="energies">Receives <c>[Kinds.Count, rows.Count]</c>.</param>
    /// <param name="work">At least <see cref="WorkFloats"/>.</param>
    public abstract void Judge(in ScoredRows rows, Span<float> energies, Span<float> work);

    /// <summary>Judges one row and computes what each of its blocks cost, in any unit; the energy of a kind is shared out in proportion.</summary>
    /// <param name="row">One row, with what <see cref="Needs"/> names.</param>
    /// <param name="own">The blocks' contributions to the model's own score.</param>
    /// <param name="energies">Receives <c>[Kinds.Count]</c>, as <see cref="Judge"/> gives them.</param>
    /// <param name="costs">Receives <c>[Kinds.Count, own.Length]</c>; below 0 counts as 0.</param>
    /// <param name="work">At least <see cref="WorkFloats"/> for one row.</param>
    public virtual void Explain(in ScoredRows row, ReadOnlySpan<float> own, Span<float> energies, Span<double> costs, Span<float> work)
    {
        Judge(row, energies, work);
        for (var kind = 0; kind < energies.Length; kind++)
            Share(row, own, costs.Slice(kind * own.Length, own.Length), work);
    }

    /// <summary>Computes what each block of one row cost, of a score that has one kind or the same costs for all.</summary>
    /// <param name="row">One row, with what <see cref="Needs"/> names.</param>
    /// <param name="own">The blocks' contributions to the model's own score.</param>
    /// <param name="costs">Receives one cost a block; below 0 counts as 0.</param>
    /// <param name="work">At least <see cref="WorkFloats"/> for one row.</param>
    protected virtual void Share(in ScoredRows row, ReadOnlySpan<float> own, Span<double> costs, Span<float> work)
    {
        for (var b = 0; b < costs.Length; b++)
            costs[b] = own[b];
    }

    /// <summary>Puts what was fitted into the model's file.</summary>
    public virtual void Keep(ScoreStore store)
    {
    }
}
