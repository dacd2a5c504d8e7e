using AEAnomaly.Models.Features;
using AEAnomaly.Models.Fitting;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants;

/// <summary>Defines "ensemble", several variants whose scores are calibrated and combined.</summary>
internal sealed class EnsembleVariant() : VariantDefinition(new VariantDescriptor(
    "ensemble",
    "Ensemble: several variants, their scores calibrated to tail probabilities and combined so that no single member decides; the choice when quality matters more than speed.",
    "Aggarwal and Sathe, Theoretical Foundations and Algorithms for Outlier Ensembles, SIGKDD Explorations 17, 2015; Kriegel et al., Interpreting and Unifying Outlier Scores, SDM 2011",
    typeof(EnsembleOptions)))
{
    public override bool HasHiddenLayers => false;

    public override VariantOptions CreateOptions() => new EnsembleOptions();

    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout)
    {
        var copy = (EnsembleOptions)NetworkWidths.Copy(options);
        copy.Members = [.. copy.Members.Select(member => Resolve(member, copy, layout))];
        return copy;
    }

    public override bool IsResolved(VariantOptions options) =>
        options is EnsembleOptions { Hidden: not null, Members: { } members }
        && Problems(options).Count == 0
        && members.All(member => VariantCatalog.Define(member).IsResolved(member));

    public override IReadOnlyList<string> Problems(VariantOptions options) =>
        [.. base.Problems(options), .. (((EnsembleOptions)options).Members ?? []).SelectMany(MemberProblems)];

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    {
        var ensemble = (EnsembleOptions)options;
        var members = new List<EnsembleMember>();
        for (var seed = 0; seed < ensemble.Seeds; seed++)
        {
            foreach (var member in ensemble.Members)
            {
                var definition = VariantCatalog.Define(member);
                var own = parameters.Part($"member.{members.Count}.");
                members.Add(new EnsembleMember(definition, member, definition.CreateNetwork(member, layout, own, blockWeights, random.Split())));
            }
        }

        return new Ensemble(layout, parameters, members);
    }

    public override FitResult Fit(
        VariantOptions options, Network network, FitRows rows, SeededRandom random, FitConditions conditions, CancellationToken cancellationToken)
    {
        if (conditions.Begin is not null)
            throw new ArgumentException("Variant 'ensemble' cannot begin from a stored model: train one of its variants from it, or the ensemble anew.", nameof(conditions));

        var ensemble = (Ensemble)network;
        var fitted = new List<FitResult>();
        foreach (var member in ensemble.Members)
        {
            var progress = conditions.Progress is null ? null : new MemberProgress(conditions.Progress, member.Definition.Descriptor.Name, fitted.Count, ensemble.Members.Count);
            fitted.Add(member.Definition.Fit(member.Options, member.Network, rows, random.Split(), conditions with { Progress = progress }, cancellationToken));
            member.Scores = fitted[^1].Scores;
        }

        var heldOut = ensemble.Calibrate(rows, [.. fitted.Select(member => member.HeldOutScores)]);
        var reports = fitted.ConvertAll(member => member.Report);
        var report = new TrainingReport(
            reports.Sum(member => member.Steps),
            reports.Sum(member => member.BestStep),
            rows.Training.Length,
            rows.HeldOut.Length,
            reports.Average(member => member.TrainingLoss),
            reports.Average(member => member.HeldOutLoss),
            TimeSpan.Zero,
            reports.Exists(member => member.StoppedEarly));
        return new FitResult(report, null, heldOut);
    }

    public override ScoreSuite? TakeScores(VariantOptions options, Network network, int trainingRows)
    {
        foreach (var member in ((Ensemble)network).Members)
            member.Scores = member.Definition.TakeScores(member.Options, member.Network, trainingRows);
        return null;
    }

    private static IEnumerable<string> MemberProblems(VariantOptions? member, int index)
    {
        var name = $"{nameof(EnsembleOptions.Members)}[{index}]";
        if (member is null)
            return [$"The field {name} is empty."];
        return EnsembleOptions.CanHold(member.GetType())
            ? VariantCatalog.Define(member).Problems(member).Select(problem => $"{name}: {problem}")
            : [$"The field {name} is {member.GetType().Name}; an ensemble holds variants that read single records, and no ensemble."];
    }

    private static VariantOptions Resolve(VariantOptions member, EnsembleOptions ensemble, FeatureLayout layout)
    {
        var definition = VariantCatalog.Define(member);
        if (member.Hidden.Count == 0 && definition.HasHiddenLayers)
            member.Hidden = [.. ensemble.Hidden];
        member.Latent ??= ensemble.Latent;
        return definition.Resolve(member, layout);
    }
}
