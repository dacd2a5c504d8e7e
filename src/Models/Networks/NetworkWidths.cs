using System.Text.Json;
using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Networks;

/// <summary>Derives the widths of a network from the layout where the options leave them open.</summary>
internal static class NetworkWidths
{
    private const int SmallestLatent = 2;
    private const int LargestLatent = 32;

    /// <summary>Copies options and fills the open widths in.</summary>
    /// <param name="options">Options of any variant; not changed.</param>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="largestLatentShare">Latent width for each field at most, above 0.</param>
    public static VariantOptions Resolve(VariantOptions options, FeatureLayout layout, double largestLatentShare)
    {
        var copy = Copy(options);
        if (copy.Hidden.Count == 0)
            copy.Hidden = Hidden(layout.Width);
        copy.Latent ??= Latent(layout.BlockCount, largestLatentShare);
        return copy;
    }

    /// <summary>Copies options and fills the open widths in for a network without bottleneck: every layer has the width of the widest.</summary>
    /// <param name="options">Options of any variant; not changed.</param>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="hasHiddenLayers">False to leave the hidden layers out.</param>
    public static VariantOptions ResolveWide(VariantOptions options, FeatureLayout layout, bool hasHiddenLayers)
    {
        var copy = Copy(options);
        var widest = Hidden(layout.Width)[0];
        if (hasHiddenLayers && copy.Hidden.Count == 0)
            copy.Hidden = [widest];
        copy.Latent ??= widest;
        return copy;
    }

    /// <summary>Copies options and fills the latent width in for a network without hidden layers.</summary>
    /// <param name="options">Options of any variant; not changed.</param>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="largestLatentShare">Latent width for each field at most, above 0.</param>
    public static VariantOptions ResolveLatent(VariantOptions options, FeatureLayout layout, double largestLatentShare)
    {
        var copy = Copy(options);
        copy.Latent ??= Latent(layout.BlockCount, largestLatentShare);
        return copy;
    }

    /// <summary>Lists the widths from the input through the hidden layers to the latent vector.</summary>
    public static int[] Encoder(VariantOptions options, int features, int latent) => [features, .. options.Hidden, latent];

    /// <summary>Lists the widths from the latent vector through the mirrored hidden layers to the output.</summary>
    public static int[] Decoder(VariantOptions options, int features, int latent) => [latent, .. options.Hidden.Reverse(), features];

    /// <summary>As <see cref="Decoder"/>, except that a latent vector as wide as the last hidden layer is its own mirror image: one layer fewer.</summary>
    public static int[] DecoderOfWideCode(VariantOptions options, int features, int latent) =>
        options.Hidden.LastOrDefault() == latent ? [latent, .. options.Hidden.SkipLast(1).Reverse(), features] : Decoder(options, features, latent);

    /// <summary>Copies options.</summary>
    /// <remarks>Through JSON, because a copy must have every property of the concrete type and be what a stored model is read back as.</remarks>
    public static VariantOptions Copy(VariantOptions options)
    {
        var type = options.GetType();
        return (VariantOptions)JsonSerializer.SerializeToElement(options, type).Deserialize(type)!;
    }

    // Up to 256 features 128 and 64 units are enough and cost little; wide one-hot rows get half their width, within reason.
    private static List<int> Hidden(int features)
    {
        var first = features <= 256 ? 128 : Math.Min(512, (((features / 2) + 31) / 32) * 32);
        return [first, first / 2];
    }

    // By fields, not features: a one-hot field is as wide as it has categories, and a latent vector wide enough to copy every other field finds nothing.
    private static int Latent(int fields, double largestShare)
    {
        var largest = Math.Clamp((int)Math.Ceiling(fields * largestShare), SmallestLatent, LargestLatent);
        return Math.Clamp((int)Math.Round(1.5 * Math.Sqrt(fields), MidpointRounding.AwayFromZero), SmallestLatent, largest);
    }
}
