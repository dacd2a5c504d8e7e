namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the activations of the windows that one thread has in work.</summary>
/// <param name="model">The model it was made for.</param>
/// <param name="reconstruction">Values of the reconstructed windows.</param>
/// <param name="latent">Values of the latent vectors.</param>
/// <param name="layer">Values that the largest layer gives.</param>
/// <param name="patches">Values of the largest working memory of a layer.</param>
internal sealed class SequenceScratch(FrozenModel model, int reconstruction, int latent, int layer, int patches) : ScoringScratch(model)
{
    /// <summary>Gets the flags of one record, <c>[Layout.BlockCount]</c>.</summary>
    public float[] Flags { get; } = new float[model.Layout.BlockCount];

    public float[] Reconstruction { get; } = new float[reconstruction];

    public float[] Latent { get; } = new float[latent];

    public float[] First { get; } = new float[layer];

    public float[] Second { get; } = new float[layer];

    public float[] Patches { get; } = new float[patches];
}
