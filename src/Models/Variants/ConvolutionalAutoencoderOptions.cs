using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace AEAnomaly.Models.Variants;

/// <summary>Sets the shape of the convolutional autoencoder; <see cref="VariantOptions.Hidden"/> are the channels of its layers, each of which halves the window.</summary>
public sealed class ConvolutionalAutoencoderOptions : SequenceReconstructionOptions
{
    /// <summary>Gets or sets the records a filter looks at.</summary>
    /// <value>Default 4: twice the stride, so that the transposed layers cover every record equally often.</value>
    [Range(3, 63)]
    [Description("Records a filter looks at; a layer moves it two records at a time.")]
    public int Kernel { get; set; } = 4;
}
