using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Sequences;

/// <summary>Sets the shape of the recurrent autoencoder; the one width of <see cref="VariantOptions.Hidden"/> is that of its state.</summary>
public sealed class RecurrentAutoencoderOptions : SequenceReconstructionOptions;
