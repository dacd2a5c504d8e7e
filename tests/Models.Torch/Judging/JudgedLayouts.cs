using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Gives layouts with every kind of block in every position.</summary>
internal static class JudgedLayouts
{
    public static FeatureLayout Real(int width) => FeatureLayout.AllReal(width);

    public static FeatureLayout Binary { get; } = new([new FeatureBlock(0, 2, BlockKind.Binary), new FeatureBlock(2, 1, BlockKind.Binary)]);

    public static FeatureLayout Categories { get; } = new([new FeatureBlock(0, 4, BlockKind.Category), new FeatureBlock(4, 1, BlockKind.Category)]);

    public static FeatureLayout Mixed { get; } = new(
    [
        new FeatureBlock(0, 3, BlockKind.Real),
        new FeatureBlock(3, 1, BlockKind.Binary),
        new FeatureBlock(4, 2, BlockKind.Binary),
        new FeatureBlock(6, 1, BlockKind.Category),
        new FeatureBlock(7, 5, BlockKind.Category),
        new FeatureBlock(12, 1, BlockKind.Real),
        new FeatureBlock(13, 9, BlockKind.Category),
    ]);

    public static FeatureLayout[] All(int width) => [Real(width), Binary, Categories, Mixed];
}
