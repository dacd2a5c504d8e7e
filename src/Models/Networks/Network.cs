using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Generation;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Networks;

/// <summary>Holds the parameters of one variant and knows its loss and its score.</summary>
internal abstract class Network(FeatureLayout layout, ParameterSet parameters)
{
    /// <summary>Gets the layout of a row.</summary>
    public FeatureLayout Layout { get; } = layout;

    /// <summary>Gets the parameters, constants included.</summary>
    public ParameterSet Parameters { get; } = parameters;

    /// <summary>Starts what has to fit the data from the beginning, from the first rows to learn from; not called for a network read from disk.</summary>
    public virtual void Initialize(Batch batch)
    {
    }

    /// <summary>Sets what the score has to know about normal rows, once the weights are final; not called for a network read from disk.</summary>
    /// <param name="heldOut">Rows that were not learned from.</param>
    public virtual void Calibrate(Batch heldOut)
    {
    }

    /// <summary>Gets the phases of a training run, in order.</summary>
    /// <value>By default one: every parameter follows <see cref="RowLosses"/>.</value>
    public virtual IReadOnlyList<TrainingPhase> Phases => [new TrainingPhase("training", 1, [new TrainingObjective(Parameters.All, RowLosses, RowsAreIndependent)])];

    /// <summary>Gets what draws new rows, or null where prior and decoder define no distribution of rows.</summary>
    public virtual RowGenerator? Generator => null;

    /// <summary>Gets which parameters depend on which features, so that a network of other features can begin from this one.</summary>
    /// <value>Default null: not described; the weights then only fit a network of the same features.</value>
    public virtual IReadOnlyList<FeatureAxis>? FeatureAxes => null;

    /// <summary>Gets the records of one key that a row holds, one after the other.</summary>
    /// <value>Default 1: a row is a record.</value>
    public virtual int Window => 1;

    /// <summary>Gets whether <see cref="RowLosses"/> keeps to what <see cref="TrainingObjective.RowsAreIndependent"/> asks for.</summary>
    /// <value>Default false.</value>
    protected virtual bool RowsAreIndependent => false;

    /// <summary>Computes what training minimises, row by row, so that the trainer can leave the worst rows out.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="batch">Rows.</param>
    /// <param name="context">Circumstances.</param>
    /// <returns>Loss of each row, <c>[rows]</c>.</returns>
    public abstract Tensor RowLosses(Tape? tape, Batch batch, LossContext context);

    /// <summary>Scores rows along the training path; the frozen model agrees with it within 1e-5 of 1 + score, or 1e-3 where scores are turned into tail probabilities.</summary>
    /// <param name="batch">Rows.</param>
    /// <returns>Score of each row, <c>[rows]</c>.</returns>
    public abstract Tensor Scores(Batch batch);

    /// <summary>Packs the weights for scoring.</summary>
    public abstract FrozenModel Freeze();

    /// <summary>Packs what draws codes of a row and decodes them, where codes are Gaussians around a row's own.</summary>
    /// <returns>Null where they are not.</returns>
    public virtual FrozenPosterior? FreezePosterior() => null;
}
