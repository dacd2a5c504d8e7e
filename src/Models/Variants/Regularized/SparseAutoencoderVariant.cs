using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Scores;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Regularized;

/// <summary>Defines "sparse", the sparse autoencoder.</summary>
internal sealed class SparseAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "sparse",
    "Sparse autoencoder: a wide code of which each row may use only a few units; for data that falls into many different kinds of normal.",
    "Ng, Sparse Autoencoder, CS294A Lecture Notes, Stanford 2011; Lee, Ekanadham and Ng, Sparse Deep Belief Net Model for Visual Area V2, NIPS 2007",
    typeof(SparseAutoencoderOptions))
{
    Scores = ScoreKinds.OfReconstructions,
})
{
    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) => NetworkWidths.ResolveWide(options, layout, HasHiddenLayers);

    public override VariantOptions CreateOptions() => new SparseAutoencoderOptions();

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new SparseAutoencoder((SparseAutoencoderOptions)options, layout, parameters, blockWeights, random);
}
