namespace AEAnomaly.Models.Kernels;

/// <summary>Says how the patches that a one-dimensional convolution looks at lie in a sequence.</summary>
/// <param name="Length">Steps of the sequence.</param>
/// <param name="Channels">Values of a step.</param>
/// <param name="Kernel">Steps of a patch.</param>
/// <param name="Stride">Steps from one patch to the next.</param>
/// <param name="Padding">Steps by which the first patch begins before the sequence.</param>
internal readonly record struct PatchGeometry(int Length, int Channels, int Kernel, int Stride, int Padding)
{
    /// <summary>Gets the number of patches; 0 or less when the padded sequence is shorter than a patch.</summary>
    public int Positions => Length + (2 * Padding) < Kernel ? 0 : ((Length + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Gets the values of a patch.</summary>
    public int PatchWidth => Kernel * Channels;

    /// <summary>Gets the values of the sequence.</summary>
    public int SequenceWidth => Length * Channels;
}
