using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Variants.Sequences;

/// <summary>Sets the shape of the convolutional autoencoder; <see cref="VariantOptions.Hidden"/> are the channels of its layers, each of which halves the window.</summary>
/// <remarks>
/// <see cref="SequenceOptions.Window"/> is 8 and <see cref="SequenceReconstructionOptions.ScoredRecords"/> 4 by default: long windows are followed less closely, and an error that
/// is averaged over all of them stays high long after the anomaly.
/// </remarks>
public sealed class ConvolutionalAutoencoderOptions : SequenceReconstructionOptions
{
    /// <summary>Creates the default options.</summary>
    public ConvolutionalAutoencoderOptions() => (Window, ScoredRecords) = (8, 4);

    /// <summary>Gets or sets the records a filter looks at.</summary>
    /// <value>Default 4: twice the stride, so that the transposed layers cover every record equally often.</value>
    [Range(3, 63)]
    [Description("Records a filter looks at; a layer moves it two records at a time.")]
    public int Kernel { get; set; } = 4;
}
