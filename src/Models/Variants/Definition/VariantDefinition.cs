using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Variants.Definition;

/// <summary>Connects the name of a variant with its options and its network.</summary>
/// <param name="descriptor">Name, summary, paper and options type.</param>
internal abstract class VariantDefinition(VariantDescriptor descriptor)
{
    private const int LargestHidden = 65_536;

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
        options is { Hidden: { } hidden, Latent: not null } && hidden.Count > 0 == HasHiddenLayers && Problems(options).Count == 0;

    /// <summary>Lists what is out of range or not offered, one sentence each.</summary>
    /// <param name="options">Options of this variant.</param>
    public virtual IReadOnlyList<string> Problems(VariantOptions options) =>
    [
        .. OptionsCheck.Problems(options),
        .. options.Hidden
            .Where(width => width is < 1 or > LargestHidden)
            .Select(width => $"The field {nameof(VariantOptions.Hidden)} has a width of {width}; allowed are 1 to {LargestHidden}."),
        .. ScoreProblems(options).Select(problem => $"The field {nameof(VariantOptions.Scores)}, item {problem.Index}: {problem.Text}"),
    ];

    /// <summary>Lists what is wrong with the chosen scores.</summary>
    /// <param name="options">Options of this variant.</param>
    /// <returns>For each problem the index in <see cref="VariantOptions.Scores"/> and a sentence that says what was found and what the variant offers.</returns>
    public IEnumerable<(int Index, string Text)> ScoreProblems(VariantOptions options)
    {
        for (var i = 0; i < options.Scores.Count; i++)
        {
            var kind = options.Scores[i];
            if (!Descriptor.Scores.Contains(kind))
                yield return (i, $"variant '{Descriptor.Name}' has no score {ScoreKinds.NameOf(kind)}; it offers {string.Join(", ", Descriptor.Scores.Select(ScoreKinds.NameOf))}.");
            else if (options.Scores.IndexOf(kind) < i)
                yield return (i, $"found {ScoreKinds.NameOf(kind)} a second time; remove it.");
        }
    }

    /// <summary>Fits a network, and then the scores that its options ask for.</summary>
    /// <param name="options">Options the network was created with.</param>
    /// <param name="network">From <see cref="CreateNetwork"/>, with its initial weights.</param>
    /// <param name="rows">Rows and how to fit.</param>
    /// <param name="random">Source of everything random.</param>
    /// <param name="conditions">Weights to begin from, progress and threads.</param>
    /// <param name="cancellationToken">Ends the work between two steps.</param>
    public virtual FitResult Fit(
        VariantOptions options, Network network, FitRows rows, SeededRandom random, FitConditions conditions, CancellationToken cancellationToken)
    {
        using var run = new TrainingRun(network, rows.Set, rows.Options, rows.Training, rows.HeldOut, random.Split(), conditions.Threads, conditions.Begin);
        var report = run.Execute(conditions.Progress, cancellationToken);
        var scores = ScoreFitter.Fit(options, Descriptor.Scores[0], network, rows, random.Split());
        scores?.Suite.Keep(new ScoreStore(network.Parameters));
        return new FitResult(report, scores?.Suite, scores?.HeldOut);
    }

    /// <summary>Takes the scores of <see cref="Fit"/> back from a model's file.</summary>
    /// <param name="options">Options of this variant.</param>
    /// <param name="network">Network that was read.</param>
    /// <param name="trainingRows">Rows that were learned from.</param>
    public virtual ScoreSuite? TakeScores(VariantOptions options, Network network, int trainingRows) =>
        ScoreFitter.Take(options, Descriptor.Scores[0], network, trainingRows);

    /// <summary>Builds the network; its parameters come from the set's file, or are initialised.</summary>
    /// <param name="options">Options of this variant, every width given.</param>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="parameters">Empty set to create the parameters in.</param>
    /// <param name="blockWeights">Weight of each block in the loss; ignored where the parameters come from a file.</param>
    /// <param name="random">Source of the initial weights.</param>
    public abstract Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random);
}
