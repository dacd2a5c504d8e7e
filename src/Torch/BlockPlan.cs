using AEAnomaly.Models.Features;
using TorchSharp;

namespace AEAnomaly.Torch;

/// <summary>Holds the indices by which a few operations over all features replace a loop over the blocks of a layout.</summary>
/// <remarks>Indices are null where the layout has no feature of their kind. They live as long as the layout.</remarks>
internal sealed class BlockPlan
{
    private readonly torch.Device _device;

    /// <param name="layout">Layout.</param>
    /// <param name="device">Device of the indices.</param>
    public BlockPlan(FeatureLayout layout, torch.Device device)
    {
        _device = device;
        Width = layout.Width;
        BlockCount = layout.BlockCount;

        var blocks = layout.Blocks.ToArray().Index().ToArray();
        Owners = Index(blocks.SelectMany(block => Enumerable.Repeat(block.Index, block.Item.Width)))!;
        IsPlain = blocks.All(block => block.Item is { Kind: BlockKind.Real, Width: 1 });
        (Real, RealOwners) = Features(BlockKind.Real);
        (Binary, BinaryOwners) = Features(BlockKind.Binary);
        (CategoryColumns, _) = Features(BlockKind.Category);

        var categories = blocks.Where(block => block.Item.Kind == BlockKind.Category).ToArray();
        Categories = Index(categories.Select(block => block.Index));
        CategoryCount = categories.Length;
        CategoryWidth = categories.Length == 0 ? 0 : categories.Max(block => block.Item.Width);

        // Every category block as wide as the widest; what is too much points to a column behind the last feature.
        PaddedColumns = Index(categories.SelectMany(block =>
            Enumerable.Range(0, CategoryWidth).Select(j => j < block.Item.Width ? block.Item.Start + j : Width)));
        PlacesInPadded = Index(categories.Index().SelectMany(block =>
            Enumerable.Range(block.Index * CategoryWidth, block.Item.Item.Width)));

        (torch.Tensor? Columns, torch.Tensor? Owners) Features(BlockKind kind)
        {
            var chosen = blocks.Where(block => block.Item.Kind == kind).ToArray();
            return (
                Index(chosen.SelectMany(block => Enumerable.Range(block.Item.Start, block.Item.Width))),
                Index(chosen.SelectMany(block => Enumerable.Repeat(block.Index, block.Item.Width))));
        }
    }

    /// <summary>Gets the number of features.</summary>
    public int Width { get; }

    /// <summary>Gets the number of blocks.</summary>
    public int BlockCount { get; }

    /// <summary>Gets whether every block is one real feature: then there is nothing to sort out.</summary>
    public bool IsPlain { get; }

    /// <summary>Gets the block of each feature.</summary>
    public torch.Tensor Owners { get; }

    /// <summary>Gets the real features.</summary>
    public torch.Tensor? Real { get; }

    /// <summary>Gets the block of each real feature.</summary>
    public torch.Tensor? RealOwners { get; }

    /// <summary>Gets the binary features.</summary>
    public torch.Tensor? Binary { get; }

    /// <summary>Gets the block of each binary feature.</summary>
    public torch.Tensor? BinaryOwners { get; }

    /// <summary>Gets the category blocks.</summary>
    public torch.Tensor? Categories { get; }

    /// <summary>Gets the number of category blocks.</summary>
    public int CategoryCount { get; }

    /// <summary>Gets the width of the widest category block.</summary>
    public int CategoryWidth { get; }

    /// <summary>Gets the features of all category blocks.</summary>
    public torch.Tensor? CategoryColumns { get; }

    /// <summary>Gets the features of all category blocks, each block padded to <see cref="CategoryWidth"/> with <see cref="Width"/>.</summary>
    public torch.Tensor? PaddedColumns { get; }

    /// <summary>Gets where in <see cref="PaddedColumns"/> the features of <see cref="CategoryColumns"/> are.</summary>
    public torch.Tensor? PlacesInPadded { get; }

    private torch.Tensor? Index(IEnumerable<int> values)
    {
        long[] indices = [.. values];
        return indices.Length == 0 ? null : torch.tensor(indices, device: _device);
    }
}
