using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants.Adversarial;
using AEAnomaly.Models.Variants.CrossDomain;
using AEAnomaly.Models.Variants.Definition;
using AEAnomaly.Models.Variants.Denoising;
using AEAnomaly.Models.Variants.Flows;
using AEAnomaly.Models.Variants.Hierarchical;
using AEAnomaly.Models.Variants.Masked;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Regularized;
using AEAnomaly.Models.Variants.Sequences;
using AEAnomaly.Models.Variants.Temporal;
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Variants;

/// <summary>Lists the members of the autoencoder family by name.</summary>
public static class VariantCatalog
{
    private static readonly VariantDefinition[] Definitions =
    [
        new DenoisingAutoencoderVariant(),
        new AutoencoderVariant(),
        new LinearAutoencoderVariant(),
        new StackedDenoisingVariant(),
        new SparseAutoencoderVariant(),
        new ContractiveAutoencoderVariant(),
        new VariationalAutoencoderVariant(),
        new BetaVariationalAutoencoderVariant(),
        new FactorVariationalAutoencoderVariant(),
        new AdversarialAutoencoderVariant(),
        new MaskedAutoencoderVariant(),
        new CrossDomainVariant(),
        new HierarchicalVaeVariant(),
        new FlowVaeVariant(),
        new FlowHierarchicalVariant(),
        new ConvolutionalAutoencoderVariant(),
        new RecurrentAutoencoderVariant(),
        new TemporalDifferenceVariant(),
        new EnsembleVariant(),
    ];

    /// <summary>Gets every variant, the default first.</summary>
    public static IReadOnlyList<VariantDescriptor> All { get; } = [.. Definitions.Select(definition => definition.Descriptor)];

    /// <summary>Gets the names of the variants that new rows can be drawn from, for messages: "vae, beta-vae, ...".</summary>
    public static string GenerativeNames => string.Join(", ", All.Where(descriptor => descriptor.IsGenerative).Select(descriptor => descriptor.Name));

    /// <summary>Finds a variant by its name.</summary>
    /// <param name="name">Name as users write it, lower case.</param>
    /// <param name="descriptor">The variant, or null.</param>
    /// <returns>True when the name is known.</returns>
    public static bool TryGet(string name, out VariantDescriptor? descriptor)
    {
        descriptor = Find(name)?.Descriptor;
        return descriptor is not null;
    }

    /// <summary>Creates the default options of a variant.</summary>
    /// <param name="name">Name as users write it.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public static VariantOptions CreateOptions(string name) =>
        Find(name)?.CreateOptions()
        ?? throw new ArgumentException($"There is no variant '{name}'; known are {string.Join(", ", All.Select(known => known.Name))}.", nameof(name));

    /// <summary>Finds the variant that options belong to.</summary>
    /// <param name="options">Options of any variant.</param>
    /// <exception cref="ArgumentException">The options are of no known variant.</exception>
    public static VariantDescriptor Describe(VariantOptions options) => Define(options).Descriptor;

    /// <summary>Lists what is wrong with the chosen scores.</summary>
    /// <param name="options">Options of any variant.</param>
    /// <returns>For each problem the index in <see cref="VariantOptions.Scores"/> and a sentence that says what was found and what the variant offers.</returns>
    /// <exception cref="ArgumentException">The options are of no known variant.</exception>
    public static IEnumerable<(int Index, string Text)> ScoreProblems(VariantOptions options) => Define(options).ScoreProblems(options);

    internal static VariantDefinition? Find(string name) =>
        Array.Find(Definitions, definition => string.Equals(definition.Descriptor.Name, name, StringComparison.Ordinal));

    internal static VariantDefinition Define(VariantOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Array.Find(Definitions, definition => definition.Descriptor.OptionsType == options.GetType())
            ?? throw new ArgumentException($"Options of type {options.GetType().Name} belong to no known variant.", nameof(options));
    }
}
