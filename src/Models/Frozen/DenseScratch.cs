using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the activations of the rows that one thread has in work.</summary>
internal sealed class DenseScratch : ScoringScratch
{
    /// <summary>Rows of a panel: two of the widest registers.</summary>
    public const int PanelRows = 32;

    // Activations of a group of panels stay in L2 while the group goes through all layers.
    private const int GroupBytes = 64 * 1024;
    private const int MaxPanels = 8;

    /// <summary>Creates working memory.</summary>
    /// <param name="model">The model it is for.</param>
    /// <param name="stack">The model's layers.</param>
    public DenseScratch(FrozenModel model, DenseStack stack)
        : base(model)
    {
        Stack = stack;
        Panels = Math.Clamp(GroupBytes / (stack.MaxStride * PanelRows * sizeof(float)), 1, MaxPanels);
        Inputs = new AlignedFloats(Panels * stack.Layout.Width * PanelRows);
        Errors = new AlignedFloats(Panels * PanelRows);
        Missing = new AlignedFloats(Panels * stack.Layout.BlockCount * PanelRows);
        var activations = Panels * PanelRows * stack.MaxStride;
        First = new AlignedFloats(activations);
        Second = new AlignedFloats(activations);
    }

    /// <summary>Gets the layers this memory was made for.</summary>
    public DenseStack Stack { get; }

    /// <summary>Gets the number of panels that go through all layers together.</summary>
    public int Panels { get; }

    /// <summary>Gets the rows, <c>[panel][Layout.Width, PanelRows]</c>.</summary>
    public AlignedFloats Inputs { get; }

    /// <summary>Gets the running errors, <c>[panel][PanelRows]</c>.</summary>
    public AlignedFloats Errors { get; }

    /// <summary>Gets the flags, 1 where missing, <c>[panel][Layout.BlockCount, PanelRows]</c>.</summary>
    public AlignedFloats Missing { get; }

    /// <summary>Gets memory for the outputs of a layer.</summary>
    public AlignedFloats First { get; }

    /// <summary>Gets memory for the outputs of the layer after.</summary>
    public AlignedFloats Second { get; }
}
