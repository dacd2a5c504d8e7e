namespace AEAnomaly.Models.Features;

/// <summary>Describes the adjacent features that one field of a record became.</summary>
/// <param name="Start">Index of the first feature, from 0.</param>
/// <param name="Width">Number of features, at least 1.</param>
/// <param name="Kind">Likelihood of the block.</param>
public readonly record struct FeatureBlock(int Start, int Width, BlockKind Kind)
{
    /// <summary>Gets the index after the last feature.</summary>
    public int End => Start + Width;
}
