using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the copies of the row that one thread has in work, each with another field hidden.</summary>
/// <param name="model">The model it is for.</param>
/// <param name="stack">The model's layers.</param>
/// <param name="copies">Copies that go through the layers together.</param>
internal sealed class MaskedScratch(FrozenModel model, DenseStack stack, int copies) : ScoringScratch(model)
{
    /// <summary>Gets the activations.</summary>
    public DenseScratch Dense { get; } = new(model, stack);

    /// <summary>Gets the copies, each with its flags, <c>[copies, stack.Layout.Width]</c>.</summary>
    public AlignedFloats Inputs { get; } = new(copies * stack.Layout.Width);

    /// <summary>Gets the row's missing flags, <c>[stack.Layout.BlockCount]</c>.</summary>
    public AlignedFloats Flags { get; } = new(stack.Layout.BlockCount);
}
