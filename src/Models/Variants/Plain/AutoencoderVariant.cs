using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Defines "ae", the undercomplete autoencoder.</summary>
internal sealed class AutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "ae",
    "Undercomplete autoencoder: squeezes a row through a narrow layer and scores what is lost; the fast, plain choice for related features.",
    "Hinton and Salakhutdinov, Reducing the Dimensionality of Data with Neural Networks, Science 313, 2006",
    typeof(AutoencoderOptions))
{
    Scores = ScoreKinds.OfReconstructions,
})
{
    // Nothing but its width keeps this network from copying: with more than half the fields' number it passes single extreme values through.
    public override double LargestLatentShare => 0.5;

    public override VariantOptions CreateOptions() => new AutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new Autoencoder((AutoencoderOptions)options, layout, parameters, blockWeights, random);
}
