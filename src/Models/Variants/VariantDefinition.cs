using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
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

    /// <summary>Copies options and fills in the widths that they leave open.</summary>
    /// <param name="options">Options of this variant; not changed.</param>
    /// <param name="layout">Layout of a record.</param>
    public virtual VariantOptions Resolve(VariantOptions options, FeatureLayout layout) => NetworkWidths.Resolve(options, layout, LargestLatentShare);

    /// <summary>Creates the default options.</summary>
    public abstract VariantOptions CreateOptions();

    /// <summary>Builds the network; its parameters come from the set's file, or are initialised.</summary>
    /// <param name="options">Options of this variant, every width given.</param>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="parameters">Empty set to create the parameters in.</param>
    /// <param name="blockWeights">Weight of each block in the loss; ignored where the parameters come from a file.</param>
    /// <param name="random">Source of the initial weights.</param>
    public abstract Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random);
}
