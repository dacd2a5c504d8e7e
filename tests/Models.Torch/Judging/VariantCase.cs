using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.Adversarial;
using AEAnomaly.Models.Variants.Denoising;
using AEAnomaly.Models.Variants.Hierarchical;
using AEAnomaly.Models.Variants.Temporal;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Describes a variant whose losses and gradients are judged, in every phase and objective.</summary>
/// <param name="Name">Name of the variant, with a remark after a comma where its options are not the default ones.</param>
/// <param name="CreateOptions">Creates its options.</param>
internal sealed record VariantCase(string Name, Func<VariantOptions> CreateOptions)
{
    /// <summary>Lists every variant with its default options, and options that change what is computed.</summary>
    public static IReadOnlyList<VariantCase> All { get; } =
    [
        .. VariantCatalog.All.Select(variant => new VariantCase(variant.Name, () => VariantCatalog.CreateOptions(variant.Name))),
        new("denoising, masking", () => new DenoisingAutoencoderOptions { Corruption = CorruptionKind.Masking }),
        new("denoising, swap", () => new DenoisingAutoencoderOptions { Corruption = CorruptionKind.Swap }),
        new("beta-vae, capacity", () => new BetaVariationalAutoencoderOptions { Capacity = 2 }),
        new("adversarial, flat", () => new AdversarialAutoencoderOptions { Curvature = 0 }),
        new("adversarial, hyperbolic", () => new AdversarialAutoencoderOptions { Curvature = -1 }),
        new("hierarchical-vae, three groups", () => new HierarchicalVaeOptions { Groups = 3, Latent = 6 }),
        new("td-vae, two levels", () => new TemporalDifferenceOptions { Levels = 2, Latent = 6 }),
    ];

    /// <summary>Compares our tape on one device with torch's autograd, on rows of a kind.</summary>
    /// <param name="kind">One of <see cref="JudgedRows.Kinds"/>.</param>
    /// <param name="ours">Device that our tape runs on.</param>
    /// <param name="torch">Device of libtorch.</param>
    public Verdict Judge(string kind, Device ours, Device torch)
    {
        var (network, batch) = JudgedNetwork.Build(CreateOptions(), kind, ours);
        var (other, otherBatch) = JudgedNetwork.Build(CreateOptions(), kind, torch);
        var verdict = new Verdict(Name, 0, 0);
        foreach (var (phase, otherPhase) in network.Phases.Zip(other.Phases))
        {
            foreach (var (index, (objective, otherObjective)) in phase.Objectives.Zip(otherPhase.Objectives).Index())
            {
                var heldOut = Difference.Largest(
                    otherObjective.RowLosses(null, otherBatch, LossContext.HeldOut).ToArray(), objective.RowLosses(null, batch, LossContext.HeldOut).ToArray());
                verdict = verdict.With(new Verdict(Name, 1, heldOut)).With(Compare($"{phase.Name}[{index}]", objective, batch, otherObjective, otherBatch));
            }
        }

        return verdict;
    }

    private Verdict Compare(string part, TrainingObjective objective, Batch batch, TrainingObjective other, Batch otherBatch)
    {
        var learned = JudgedNetwork.Learned(objective);
        var (losses, found) = JudgedNetwork.Gradients(objective, batch);
        Tensor[] leaves = [.. JudgedNetwork.Learned(other).Select(parameter => parameter.Value)];
        var (values, expected) = TorchAutograd.Run(leaves, () => other.RowLosses(null, otherBatch, JudgedNetwork.Training), TorchAutograd.Seed);
        var verdict = new Verdict(Name, 1, Difference.Largest(values, losses));
        for (var i = 0; i < learned.Count; i++)
            verdict = verdict.With(new Verdict(Name, 1, 0, Difference.Largest(expected[i], found[i]), $"{part} {learned[i].Name}"));

        return verdict;
    }
}
