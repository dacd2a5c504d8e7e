namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the working memory of one thread for a <see cref="FrozenHierarchicalModel"/>.</summary>
internal sealed class FrozenHierarchicalScratch : RowMajorScratch
{
    /// <param name="model">The model it is for.</param>
    /// <param name="encoder">Its encoder.</param>
    /// <param name="decoder">Its decoder.</param>
    /// <param name="groups">Its groups after the first.</param>
    /// <param name="rows">Most rows of one pass.</param>
    public FrozenHierarchicalScratch(FrozenHierarchicalModel model, DenseLayer[] encoder, DenseLayer[] decoder, FrozenLatentGroup[] groups, int rows)
        : base(model)
    {
        Encoder = [.. encoder[..^1].Select(layer => new float[rows * layer.Outputs])];
        Decoder = [.. decoder.Select(layer => new float[rows * layer.Outputs])];
        Codes = [new float[rows * encoder[^1].Outputs], .. groups.Select(group => new float[rows * group.Prior.Outputs])];
        Joined = new float[rows * groups.Max(group => group.Residual.Inputs)];
        Shift = new float[rows * groups.Max(group => group.Prior.Outputs)];
        Missing = new float[model.Layout.BlockCount];
    }

    public float[][] Encoder { get; }

    public float[][] Decoder { get; }

    public float[][] Codes { get; }

    public float[] Joined { get; }

    public float[] Shift { get; }

    public float[] Missing { get; }
}
