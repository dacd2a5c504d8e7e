using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Scores;

/// <summary>Holds rows and what a model made of them; what no score reads is empty.</summary>
internal readonly ref struct ScoredRows
{
    /// <summary>Gets the layout of a row.</summary>
    public required FeatureLayout Layout { get; init; }

    /// <summary>Gets the number of rows.</summary>
    public required int Count { get; init; }

    /// <summary>Gets the features <c>[Count, Layout.Width]</c>.</summary>
    public required ReadOnlySpan<float> Values { get; init; }

    /// <summary>Gets the flags <c>[Count, Layout.BlockCount]</c>, or an empty span when nothing is missing.</summary>
    public required ReadOnlySpan<byte> Missing { get; init; }

    /// <summary>Gets the model's own scores <c>[Count]</c>.</summary>
    public ReadOnlySpan<float> Own { get; init; }

    /// <summary>Gets the reconstructions <c>[Count, Layout.Width]</c>.</summary>
    public ReadOnlySpan<float> Outputs { get; init; }

    /// <summary>Gets the errors <c>[Count, Layout.Width]</c>, 0 where missing.</summary>
    public ReadOnlySpan<float> Residuals { get; init; }

    /// <summary>Gets the latent vectors <c>[Count, latent width]</c>.</summary>
    public ReadOnlySpan<float> Latent { get; init; }

    /// <summary>Gets the flags of one row, or an empty span.</summary>
    public ReadOnlySpan<byte> FlagsOf(int row) => Missing.IsEmpty ? default : Missing.Slice(row * Layout.BlockCount, Layout.BlockCount);
}
