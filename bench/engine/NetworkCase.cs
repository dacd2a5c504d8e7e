namespace AEAnomaly.Bench.Engine;

/// <summary>Names one of the networks that everything is measured with: mirrored, ReLU between the layers.</summary>
/// <param name="Size">Word for its size.</param>
/// <param name="Encoder">Widths from the input to the code.</param>
internal sealed record NetworkCase(string Size, int[] Encoder)
{
    public static IReadOnlyList<NetworkCase> All { get; } = [new("small", [30, 64, 32, 16]), new("big", [128, 256, 128, 32]), new("large", [512, 1024, 512, 128])];

    /// <summary>Gets the widths of all layers, from the input to the output.</summary>
    public int[] Widths { get; } = [.. Encoder, .. Encoder[..^1].Reverse()];

    /// <summary>Gets the widths in one word.</summary>
    public string Layers => string.Join('-', Widths);

    /// <summary>Gets the number of columns of a row.</summary>
    public int Features => Encoder[0];

    /// <summary>Gets the floating-point operations that the score of a row needs.</summary>
    public double ScoreOperations => 2 * Widths.Zip(Widths.Skip(1), (inputs, outputs) => (double)inputs * outputs).Sum();

    /// <summary>Gets the floating-point operations that a row costs in training: forward, weight gradient, input gradient; the first layer needs none of the last.</summary>
    public double TrainOperations => (3 * ScoreOperations) - (2.0 * Widths[0] * Widths[1]);

    public override string ToString() => $"{Size} {Layers}";
}
