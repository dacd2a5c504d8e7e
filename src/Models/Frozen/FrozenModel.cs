using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Frozen;

/// <summary>Scores rows with trained weights that no longer change.</summary>
/// <remarks>
/// Immutable and thread-safe; each thread brings its own <see cref="ScoringScratch"/>. A row's score is bit-identical for any batch size, position in the batch
/// and thread count, and independent of the vector width of the machine.
/// </remarks>
public abstract class FrozenModel
{
    /// <summary>Gets the layout of the records the model was trained on.</summary>
    public abstract FeatureLayout Layout { get; }

    /// <summary>Gets the records of one key that a row holds, oldest first; the score belongs to the last one.</summary>
    /// <value>1 where a row is a record.</value>
    public virtual int Window => 1;

    /// <summary>Gets the width of the latent vector.</summary>
    public abstract int LatentWidth { get; }

    /// <summary>Gets the model that takes rows as they come, a missing field as its mean: the one that others complete rows for.</summary>
    /// <value>By default itself.</value>
    public virtual FrozenModel WithoutCompletion => this;

    /// <summary>Creates working memory for one thread.</summary>
    public abstract ScoringScratch CreateScratch();

    /// <summary>Scores rows; higher is more anomalous. Allocates nothing.</summary>
    /// <param name="rows">Row-major <c>[scores.Length, Window, Layout.Width]</c>, finite.</param>
    /// <param name="missing">Row-major <c>[scores.Length, Window, Layout.BlockCount]</c>, 1 where the field was missing; empty when no field of any row is.</param>
    /// <param name="scores">Receives one score a row, at least 0.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/> of this model.</param>
    /// <exception cref="ArgumentException">A span's length does not fit, or the scratch belongs to another model.</exception>
    public void Score(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch)
    {
        RequireOwn(scratch);
        RequireLength(rows.Length, (long)scores.Length * Window * Layout.Width, "features", nameof(rows));
        if (!missing.IsEmpty)
            RequireLength(missing.Length, (long)scores.Length * Window * Layout.BlockCount, "flags", nameof(missing));

        ScoreRows(rows, missing, scores, scratch);
    }

    /// <summary>Scores rows that lie anywhere among others.</summary>
    /// <param name="records">Encoded records, row-major <c>[records, Layout.Width]</c>.</param>
    /// <param name="missing">Flags <c>[records, Layout.BlockCount]</c>, not 0 where a block is missing; empty when none is.</param>
    /// <param name="first">For each row the index of its first record, of <see cref="Window"/>.</param>
    /// <returns>A score for each.</returns>
    public float[] ScoreAt(ReadOnlySpan<float> records, ReadOnlySpan<byte> missing, ReadOnlySpan<int> first)
    {
        var (scores, scratch) = (new float[first.Length], CreateScratch());
        var (width, blocks) = (Layout.Width, Layout.BlockCount);
        for (var i = 0; i < scores.Length; i++)
        {
            var flags = missing.IsEmpty ? default : missing.Slice(first[i] * blocks, Window * blocks);
            Score(records.Slice(first[i] * width, Window * width), flags, scores.AsSpan(i, 1), scratch);
        }

        return scores;
    }

    /// <summary>Scores a row with each of some fields left out of all its records in turn, as if it were missing. Allocates nothing in steady state.</summary>
    /// <param name="row">Features <c>[Window, Layout.Width]</c>.</param>
    /// <param name="missing">Flags <c>[Window, Layout.BlockCount]</c>.</param>
    /// <param name="fields">Blocks, ascending.</param>
    /// <param name="scores">Receives the score without each of them.</param>
    /// <param name="judged">Receives the rows that these are the scores of, <c>[fields.Length, Window, Layout.Width]</c>: where this model completes rows, what it filled in for the field.</param>
    /// <param name="judgedMissing">Receives their flags <c>[fields.Length, Window, Layout.BlockCount]</c>. <see cref="WithoutCompletion"/> explains such a row as this model does the row without the field.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/> of this model.</param>
    /// <exception cref="ArgumentException">A span's length does not fit, or the scratch belongs to another model.</exception>
    public void ScoreWithout(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        ReadOnlySpan<int> fields,
        Span<float> scores,
        Span<float> judged,
        Span<byte> judgedMissing,
        ScoringScratch scratch)
    {
        RequireOwn(scratch);
        RequireLength(row.Length, Window * Layout.Width, "features", nameof(row));
        RequireLength(missing.Length, Window * Layout.BlockCount, "flags", nameof(missing));
        if (scores.Length != fields.Length)
            throw new ArgumentException($"{scores.Length} scores given; {fields.Length} fields that are left out need as many.", nameof(scores));
        RequireLength(judged.Length, (long)fields.Length * row.Length, "features", nameof(judged));
        RequireLength(judgedMissing.Length, (long)fields.Length * missing.Length, "flags", nameof(judgedMissing));

        for (var i = 0; i < fields.Length; i++)
        {
            var values = judged.Slice(i * row.Length, row.Length);
            var flags = judgedMissing.Slice(i * missing.Length, missing.Length);
            row.CopyTo(values);
            missing.CopyTo(flags);
            Layout.LeaveOut(fields[i], values, flags);
        }

        if (!fields.IsEmpty)
            ScoreRowWithout(row, missing, fields, scores, judged, judgedMissing, scratch);
    }

    /// <summary>Explains one row: which block contributed what to its score, and what the model expected instead.</summary>
    /// <param name="row">Features <c>[Window, Layout.Width]</c>.</param>
    /// <param name="missing">Flags <c>[Window, Layout.BlockCount]</c>, or empty.</param>
    /// <param name="contributions">Receives each block's part of the score <c>[Layout.BlockCount]</c>; they sum to the score within float rounding. A missing block contributes 0; where several records count for the score, a block contributes its part of all of them. Empty where they are not wanted, which can save most of the work.</param>
    /// <param name="expected">Receives the reconstruction of the last record <c>[Layout.Width]</c> in the encoded space: the mean of real features, probabilities of binary and category features.</param>
    /// <param name="latent">Receives the latent vector <c>[LatentWidth]</c>.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/> of this model.</param>
    /// <returns>The row's score, bit-identical to what <see cref="Score"/> gives.</returns>
    /// <exception cref="ArgumentException">A span's length does not fit, or the scratch belongs to another model.</exception>
    public float Explain(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        ScoringScratch scratch)
    {
        RequireOwn(scratch);
        RequireLength(row.Length, Window * Layout.Width, "features", nameof(row));
        if (!contributions.IsEmpty)
            RequireLength(contributions.Length, Layout.BlockCount, "contributions", nameof(contributions));
        else if (!CanLeaveContributionsOut)
            contributions = scratch.UnwantedContributions;
        RequireLength(expected.Length, Layout.Width, "expected values", nameof(expected));
        RequireLength(latent.Length, LatentWidth, "latent values", nameof(latent));
        if (!missing.IsEmpty)
            RequireLength(missing.Length, Window * Layout.BlockCount, "flags", nameof(missing));

        return ExplainRow(row, missing, contributions, expected, latent, scratch);
    }

    /// <summary>Hands out what the scores are made of, for scores fitted on top of this model's own; the latent vectors and scores have the bits that the other methods give.</summary>
    /// <param name="rows">Row-major <c>[count, Layout.Width]</c>.</param>
    /// <param name="missing">Row-major <c>[count, Layout.BlockCount]</c>, or empty.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="readings">Where to write.</param>
    /// <param name="scratch">From <see cref="CreateScratch"/> of this model.</param>
    /// <exception cref="NotSupportedException">The model does not judge single records, or has no reconstruction to hand out.</exception>
    internal virtual void Read(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, int count, RowReadings readings, ScoringScratch scratch) =>
        throw new NotSupportedException($"{GetType().Name} gives nothing but its own score.");

    /// <summary>Gets whether <see cref="ExplainRow"/> may be given no room for contributions.</summary>
    /// <value>Default false: they come with what was expected and cost nothing of their own.</value>
    private protected virtual bool CanLeaveContributionsOut => false;

    /// <summary>Does what <see cref="Score"/> says, its arguments checked.</summary>
    private protected abstract void ScoreRows(ReadOnlySpan<float> rows, ReadOnlySpan<byte> missing, Span<float> scores, ScoringScratch scratch);

    /// <summary>Does what <see cref="ScoreWithout"/> says, its arguments checked and the fields left out of the rows to judge.</summary>
    private protected virtual void ScoreRowWithout(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        ReadOnlySpan<int> fields,
        Span<float> scores,
        Span<float> judged,
        Span<byte> judgedMissing,
        ScoringScratch scratch) =>
        ScoreRows(judged, judgedMissing, scores, scratch);

    /// <summary>Does what <see cref="Explain"/> says, its arguments checked.</summary>
    private protected abstract float ExplainRow(
        ReadOnlySpan<float> row,
        ReadOnlySpan<byte> missing,
        Span<float> contributions,
        Span<float> expected,
        Span<float> latent,
        ScoringScratch scratch);

    private void RequireOwn(ScoringScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        if (!ReferenceEquals(scratch.Model, this))
            throw new ArgumentException("The scratch was created by another model.", nameof(scratch));
    }

    private void RequireLength(int found, long needed, string what, string parameter)
    {
        if (found == needed)
            return;

        var row = Window == 1 ? "a layout" : $"a window of {Window} records";
        throw new ArgumentException($"{found} {what} given; {row} of {Layout.Width} features in {Layout.BlockCount} blocks needs {needed}.", parameter);
    }
}
