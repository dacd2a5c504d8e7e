using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Masked;

/// <summary>Defines "masked", the masked autoencoder.</summary>
internal sealed class MaskedAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "masked",
    "Masked autoencoder: foresees each field from all the others; names the field that does not fit and fills missing ones, at one pass a field.",
    "He et al., Masked Autoencoders Are Scalable Vision Learners, CVPR 2022; Pathak et al., Context Encoders, CVPR 2016",
    typeof(MaskedAutoencoderOptions))
{
    Scores = ScoreKinds.OfReconstructions,
})
{
    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) => NetworkWidths.ResolveWide(options, layout, HasHiddenLayers);

    public override VariantOptions CreateOptions() => new MaskedAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new MaskedAutoencoder((MaskedAutoencoderOptions)options, layout, parameters, blockWeights, random);
}
