using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Scores;

/// <summary>Holds normal rows that the network did not learn from, and what it made of them: what scores are fitted to.</summary>
internal sealed class NormalRows
{
    /// <summary>Gets the layout of a row.</summary>
    public required FeatureLayout Layout { get; init; }

    /// <summary>Gets the number of rows.</summary>
    public required int Count { get; init; }

    /// <summary>Gets the width of a latent vector.</summary>
    public required int LatentWidth { get; init; }

    /// <summary>Gets the features <c>[Count, Layout.Width]</c>.</summary>
    public required float[] Values { get; init; }

    /// <summary>Gets the flags <c>[Count, Layout.BlockCount]</c>, or null.</summary>
    public required byte[]? Missing { get; init; }

    /// <summary>Gets the model's own scores <c>[Count]</c>.</summary>
    public required float[] Own { get; init; }

    /// <summary>Gets the reconstructions <c>[Count, Layout.Width]</c>; empty when no score reads them.</summary>
    public required float[] Outputs { get; init; }

    /// <summary>Gets the errors <c>[Count, Layout.Width]</c>; empty when no score reads them.</summary>
    public required float[] Residuals { get; init; }

    /// <summary>Gets the latent vectors <c>[Count, LatentWidth]</c>; empty when no score reads them.</summary>
    public required float[] Latent { get; init; }

    /// <summary>Gets a part of the rows as a score reads them.</summary>
    public ScoredRows Slice(int start, int count) => new()
    {
        Layout = Layout,
        Count = count,
        Values = Part(Values, start, count, Layout.Width),
        Missing = Missing is null ? default : Missing.AsSpan(start * Layout.BlockCount, count * Layout.BlockCount),
        Own = Part(Own, start, count, 1),
        Outputs = Part(Outputs, start, count, Layout.Width),
        Residuals = Part(Residuals, start, count, Layout.Width),
        Latent = Part(Latent, start, count, LatentWidth),
    };

    /// <summary>Copies some of the rows.</summary>
    /// <param name="rows">Indices.</param>
    public NormalRows Take(int[] rows) => new()
    {
        Layout = Layout,
        Count = rows.Length,
        LatentWidth = LatentWidth,
        Values = Copy(Values, rows, Layout.Width),
        Missing = Missing is null ? null : Copy(Missing, rows, Layout.BlockCount),
        Own = Copy(Own, rows, 1),
        Outputs = Copy(Outputs, rows, Layout.Width),
        Residuals = Copy(Residuals, rows, Layout.Width),
        Latent = Copy(Latent, rows, LatentWidth),
    };

    /// <summary>Gets whether a block of a row is there.</summary>
    public bool IsPresent(int row, int block) => Missing is null || Missing[(row * Layout.BlockCount) + block] == 0;

    private static ReadOnlySpan<float> Part(float[] values, int start, int count, int width) =>
        values.Length == 0 ? default : values.AsSpan(start * width, count * width);

    private static T[] Copy<T>(T[] values, int[] rows, int width)
    {
        if (values.Length == 0)
            return [];

        var copy = new T[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
            values.AsSpan(rows[i] * width, width).CopyTo(copy.AsSpan(i * width));
        return copy;
    }
}
