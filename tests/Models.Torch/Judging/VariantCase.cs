using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Training;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Describes a variant whose losses and gradients are judged, in every phase and objective.</summary>
/// <param name="Name">Name of the variant, with a remark after a comma where its options are not the default ones.</param>
/// <param name="CreateOptions">Creates its options.</param>
internal sealed record VariantCase(string Name, Func<VariantOptions> CreateOptions)
{
    private const int Records = 300;

    // Biases and triangles start at zero, where a wrong gradient can hide. Much more, and flows amplify rounding.
    private const double Spread = 0.01;

    // Odd, beside and beyond every vector width; no two windows the same.
    private static readonly int[] Rows = [.. Enumerable.Range(0, 37).Select(i => i * 7)];

    private static LossContext Training => new(0.5, new SeededRandom(7));

    /// <summary>Lists every variant with its default options, and options that change what is computed.</summary>
    public static IReadOnlyList<VariantCase> All { get; } =
    [
        .. VariantCatalog.All.Select(variant => new VariantCase(variant.Name, () => VariantCatalog.CreateOptions(variant.Name))),
        new("denoising, masking", () => new DenoisingAutoencoderOptions { Corruption = CorruptionKind.Masking }),
        new("denoising, swap", () => new DenoisingAutoencoderOptions { Corruption = CorruptionKind.Swap }),
        new("beta-vae, capacity", () => new BetaVariationalAutoencoderOptions { Capacity = 2 }),
        new("adversarial, flat", () => new AdversarialAutoencoderOptions { Curvature = 0 }),
        new("adversarial, hyperbolic", () => new AdversarialAutoencoderOptions { Curvature = -1 }),
        new("hierarchical, three groups", () => new HierarchicalVaeOptions { Groups = 3, Latent = 6 }),
        new("conv, last records", () => new ConvolutionalAutoencoderOptions { ScoredRecords = 3 }),
        new("recurrent, last records", () => new RecurrentAutoencoderOptions { ScoredRecords = 3 }),
        new("td-vae, two levels", () => new TemporalDifferenceOptions { Levels = 2, Latent = 6 }),
    ];

    /// <summary>Compares our tape on one device with torch's autograd, on rows of a kind.</summary>
    /// <param name="kind">One of <see cref="JudgedRows.Kinds"/>.</param>
    /// <param name="ours">Device that our tape runs on.</param>
    /// <param name="torch">Device of libtorch.</param>
    public Verdict Judge(string kind, Device ours, Device torch)
    {
        var (network, batch) = Build(kind, ours);
        var (other, otherBatch) = Build(kind, torch);
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

    private static IReadOnlyList<Parameter> Learned(TrainingObjective objective) =>
        [.. objective.Parameters.Where(parameter => parameter.Role != ParameterRole.Constant)];

    private Verdict Compare(string part, TrainingObjective objective, Batch batch, TrainingObjective other, Batch otherBatch)
    {
        var device = batch.Values.Device;
        var tape = new Tape(device);
        var learned = Learned(objective);
        foreach (var parameter in learned)
            tape.Watch(parameter.Value);
        var losses = objective.RowLosses(tape, batch, Training);
        tape.Backward(losses, device.Create(losses.Shape, TorchAutograd.Seed(losses.Count)));

        Tensor[] leaves = [.. Learned(other).Select(parameter => parameter.Value)];
        var (values, gradients) = TorchAutograd.Run(leaves, () => other.RowLosses(null, otherBatch, Training), TorchAutograd.Seed);
        var verdict = new Verdict(Name, 1, Difference.Largest(values, losses.ToArray()));
        foreach (var (parameter, expected) in learned.Zip(gradients))
        {
            var difference = Difference.Largest(expected, tape.Gradient(parameter.Value)!.ToArray());
            verdict = verdict.With(new Verdict(Name, 1, 0, difference, $"{part} {parameter.Name}"));
        }

        return verdict;
    }

    private (Network Network, Batch Batch) Build(string kind, Device device)
    {
        var options = CreateOptions();
        var set = JudgedRows.Draw(kind, options, Records);
        var definition = VariantCatalog.Define(options);
        var resolved = definition.Resolve(options, set.Layout);
        var network = definition.CreateNetwork(resolved, set.Layout, new ParameterSet(device), BlockWeights.Fit(set, Rows), new SeededRandom(3));
        var batch = new BatchSource(device, set).Gather(Rows);
        network.Initialize(batch);

        var random = new SeededRandom(5);
        foreach (var parameter in network.Parameters.All.Where(parameter => parameter.Role != ParameterRole.Constant))
            device.Upload(Array.ConvertAll(parameter.Value.ToArray(), value => value + (float)(Spread * random.NextNormal())), parameter.Value);
        return (network, batch);
    }
}
