namespace AEAnomaly.Models.Modules;

/// <summary>Says what one entry along an axis of a parameter stands for.</summary>
/// <param name="Index">Index of a feature of a row, or of a block.</param>
/// <param name="Role">What of it, where a parameter has several entries a feature: 0 its value; a flow's decoder gives a deviation too, a convolution reads several records.</param>
/// <param name="IsBlock">Whether <paramref name="Index"/> is that of a block.</param>
internal readonly record struct FeatureSlot(int Index, int Role = 0, bool IsBlock = false)
{
    /// <summary>Lists the features of a row.</summary>
    public static FeatureSlot[] Values(IEnumerable<int> features, int role = 0) => [.. features.Select(feature => new FeatureSlot(feature, role))];

    /// <summary>Lists the first features of a row.</summary>
    public static FeatureSlot[] Values(int features, int role = 0) => Values(Enumerable.Range(0, features), role);

    /// <summary>Lists the blocks of a row.</summary>
    public static FeatureSlot[] Flags(int blocks) => [.. Enumerable.Range(0, blocks).Select(block => new FeatureSlot(block, IsBlock: true))];
}
