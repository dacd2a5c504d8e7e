using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Variants.Definition;

namespace AEAnomaly.Models.Variants.Sequences;

/// <summary>Defines "recurrent".</summary>
internal sealed class RecurrentAutoencoderVariant() : VariantDefinition(new VariantDescriptor(
    "recurrent",
    "Recurrent (GRU) encoder and decoder over windows of a sequence: for orders of events and long irregular shapes; slower than conv.",
    "Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, EMNLP 2014; Malhotra et al., LSTM-based Encoder-Decoder for Multi-sensor Anomaly Detection, 2016",
    typeof(RecurrentAutoencoderOptions)))
{
    public override VariantOptions CreateOptions() => new RecurrentAutoencoderOptions();

    public override VariantOptions ResolveWidths(VariantOptions options, FeatureLayout layout) =>
        SequenceWidths.Resolve((SequenceOptions)options, layout, [64]);

    public override Network CreateNetwork(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random) =>
        new RecurrentAutoencoder((RecurrentAutoencoderOptions)options, layout, parameters, blockWeights, random);
}
