namespace AEAnomaly.Models.Frozen;

/// <summary>Says where a model writes what it made of rows on the way to their scores; an empty span is not wanted and not filled.</summary>
/// <param name="scores">Receives the model's own scores <c>[rows]</c>.</param>
/// <param name="outputs">Receives the reconstructions <c>[rows, Layout.Width]</c>: means of real features, logits of the others.</param>
/// <param name="latent">Receives the latent vectors <c>[rows, LatentWidth]</c>.</param>
internal readonly ref struct RowReadings(Span<float> scores, Span<float> outputs, Span<float> latent)
{
    public Span<float> Scores { get; } = scores;

    public Span<float> Outputs { get; } = outputs;

    public Span<float> Latent { get; } = latent;
}
