using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Training;

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

    public override VariantOptions Resolve(VariantOptions options, FeatureLayout layout)
    {
        var copy = (EnsembleOptions)NetworkWidths.Copy(options);
        copy.Members = [.. copy.Members.Select(member => Resolve(member, copy, layout))];
        return copy;
    }

    public override bool IsResolved(VariantOptions options) =>
        options is EnsembleOptions { Hidden: not null, Members: { } members }
        && OptionsCheck.Problems(options).Count == 0
        && members.All(member => VariantCatalog.Define(member).IsResolved(member));

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
                members.Add(new EnsembleMember(definition, definition.CreateNetwork(member, layout, own, blockWeights, random.Split())));
            }
        }

        return new Ensemble(layout, parameters, members);
    }

    public override TrainingReport Fit(
        Network network, FitRows fit, SeededRandom random, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var ensemble = (Ensemble)network;
        var reports = new List<TrainingReport>();
        foreach (var member in ensemble.Members)
        {
            var own = progress is null ? null : new MemberProgress(progress, member.Definition.Descriptor.Name, reports.Count, ensemble.Members.Count);
            reports.Add(member.Definition.Fit(member.Network, fit, random.Split(), own, cancellationToken));
        }

        ensemble.Calibrate(fit);
        return new TrainingReport(
            reports.Sum(report => report.Steps),
            reports.Sum(report => report.BestStep),
            fit.Training.Length,
            fit.HeldOut.Length,
            reports.Average(report => report.TrainingLoss),
            reports.Average(report => report.HeldOutLoss),
            TimeSpan.Zero,
            reports.Exists(report => report.StoppedEarly));
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
