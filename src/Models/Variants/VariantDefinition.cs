using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Variants;

/// <summary>Connects the name of a variant with its options and its network.</summary>
/// <param name="descriptor">Name, summary, paper and options type.</param>
internal abstract class VariantDefinition(VariantDescriptor descriptor)
{
    /// <summary>Gets what users see of the variant.</summary>
    public VariantDescriptor Descriptor { get; } = descriptor;

    /// <summary>Gets the latent width for each field at most, where the width is derived.</summary>
    /// <value>Default 1.</value>
    public virtual double LargestLatentShare => 1;

    /// <summary>Gets whether the encoder has layers between the row and the latent vector.</summary>
    /// <value>Default true.</value>
    public virtual bool HasHiddenLayers => true;

    /// <summary>Copies options and fills in what is left open: widths and scores.</summary>
    /// <param name="options">Options of this variant; not changed.</param>
    /// <param name="layout">Layout of a row.</param>
    public VariantOptions Resolve(VariantOptions options, FeatureLayout layout)
    {
        var resolved = ResolveWidths(options, layout);
        if (resolved.Scores.Count == 0)
            resolved.Scores = [.. Descriptor.DefaultScores];
        return resolved;
    }

    /// <summary>Copies options and fills the open widths in.</summary>
    /// <param name="options">Options of this variant; not changed.</param>
    /// <param name="layout">Layout of a row.</param>
    public virtual VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) => NetworkWidths.Resolve(options, layout, LargestLatentShare);

    /// <summary>Creates the default options.</summary>
    public abstract VariantOptions CreateOptions();

    /// <summary>Tells whether options are complete and in range, as <see cref="CreateNetwork"/> needs them.</summary>
    /// <param name="options">Options of this variant.</param>
    public virtual bool IsResolved(VariantOptions options) =>
        options is { Hidden: { } hidden, Latent: not null } && hidden.Count > 0 == HasHiddenLayers && OptionsCheck.Problems(options).Count == 0;

    /// <summary>Fits a network, and then the scores that its options ask for.</summary>
    /// <param name="options">Options the network was created with.</param>
    /// <param name="network">From <see cref="CreateNetwork"/>, with its initial weights.</param>
    /// <param name="rows">Rows and how to fit.</param>
    /// <param name="random">Source of everything random.</param>
    /// <param name="begin">Puts other weights in place once the initial ones are there, or null.</param>
    /// <param name="context">Progress and threads.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    public virtual FitResult Fit(
        VariantOptions options, Network network, FitRows rows, SeededRandom random, Action? begin, FitContext context, CancellationToken cancellationToken)
    {
        using var run = new TrainingRun(network, rows.Set, rows.Options, rows.Training, rows.HeldOut, random.Split(), context.Threads, begin);
        var report = run.Execute(context.Progress, cancellationToken);
        var scores = ScoreFitter.Fit(options, network, rows, random.Split());
        scores?.Suite.Keep(new ScoreStore(network.Parameters));
        return new FitResult(report, scores?.Suite, scores?.HeldOut);
    }

    /// <summary>Takes the scores of <see cref="Fit"/> back from a model's file.</summary>
    /// <param name="options">Options of this variant.</param>
    /// <param name="network">Network that was read.</param>
    /// <param name="trainingRows">Rows that were learned from.</param>
    public virtual ScoreSuite? TakeScores(VariantOptions options, Network network, int trainingRows) => ScoreFitter.Take(options, network, trainingRows);

    /// <summary>Builds the network; its parameters come from the set's file, or are initialised.</summary>
    /// <param name="options">Options of this variant, every width given.</param>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="parameters">Empty set to create the parameters in.</param>
    /// <param name="blockWeights">Weight of each block in the loss; ignored where the parameters come from a file.</param>
    /// <param name="random">Source of the initial weights.</param>
    public abstract Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random);
}
