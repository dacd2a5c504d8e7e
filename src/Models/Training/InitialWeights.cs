using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Training;

/// <summary>Names the network that a new one begins from, and which of its features are the new one's.</summary>
public sealed class InitialWeights
{
    private readonly int[] _features;
    private readonly int[] _blocks;

    /// <summary>Creates the match.</summary>
    /// <param name="model">Network to begin from.</param>
    /// <param name="features">For each feature of the new layout the same feature of <paramref name="model"/>, or -1.</param>
    /// <param name="blocks">For each block of the new layout the block of the same field, or -1.</param>
    /// <exception cref="ArgumentException">An index is not of the model's layout, or occurs twice.</exception>
    public InitialWeights(TrainedModel model, IReadOnlyList<int> features, IReadOnlyList<int> blocks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(blocks);
        Require(features, model.Layout.Width, "feature", nameof(features));
        Require(blocks, model.Layout.BlockCount, "block", nameof(blocks));
        Model = model;
        _features = [.. features];
        _blocks = [.. blocks];
    }

    /// <summary>Gets the network to begin from.</summary>
    public TrainedModel Model { get; }

    /// <summary>Gets, for each feature of the new layout, the same feature of <see cref="Model"/>, or -1.</summary>
    public ReadOnlySpan<int> Features => _features;

    /// <summary>Gets, for each block of the new layout, the block of the same field, or -1.</summary>
    public ReadOnlySpan<int> Blocks => _blocks;

    /// <summary>Gets whether every feature is the model's, at the same place.</summary>
    internal bool IsIdentity => _features.Length == Model.Layout.Width && _features.SequenceEqual(Enumerable.Range(0, _features.Length));

    /// <summary>Finds the entry of the model that a new one stands for.</summary>
    internal FeatureSlot? Find(FeatureSlot slot)
    {
        var index = slot.IsBlock ? _blocks[slot.Index] : _features[slot.Index];
        return index < 0 ? null : slot with { Index = index };
    }

    /// <summary>Takes the widths that options leave open from the model, since only layers of the same width can be taken over.</summary>
    /// <exception cref="ArgumentException">The options are of another variant, or the match is of another layout; or nothing can be taken over.</exception>
    internal VariantOptions WithWidths(VariantOptions variant, FeatureLayout layout)
    {
        var (wanted, found) = (VariantCatalog.Describe(variant).Name, VariantCatalog.Describe(Model.Variant).Name);
        if (wanted != found)
            throw new ArgumentException($"The model to begin from is of variant {found}, the one to train of {wanted}; weights fit the same variant only: train {found}, or begin from a model of {wanted}.", nameof(variant));
        if (_features.Length != layout.Width || _blocks.Length != layout.BlockCount)
            throw new ArgumentException($"The match names {_features.Length} features in {_blocks.Length} blocks; the rows have {layout.Width} in {layout.BlockCount}.", nameof(layout));
        if (_features.All(feature => feature < 0))
            throw new ArgumentException("The model to begin from has none of the features; weights are taken over for fields of the same name and encoding.", nameof(layout));
        if (Model.Network.FeatureAxes is null && !IsIdentity)
        {
            throw new ArgumentException(
                $"The model to begin from has other features ({_features.Count(feature => feature >= 0)} of {_features.Length} match); variant {wanted} takes weights over for the same fields only.", nameof(layout));
        }

        var copy = NetworkWidths.Copy(variant);
        if (copy.Hidden.Count == 0)
            copy.Hidden = [.. Model.Variant.Hidden];
        copy.Latent ??= Model.Variant.Latent;
        return copy;
    }

    private static void Require(IReadOnlyList<int> indices, int count, string what, string parameter)
    {
        var used = new HashSet<int>();
        foreach (var index in indices)
        {
            if (index < -1 || index >= count || (index >= 0 && !used.Add(index)))
                throw new ArgumentException($"{what} {index} of {count} is named {(index >= 0 && index < count ? "twice" : "but not there")}.", parameter);
        }
    }
}
