using AEAnomaly.Models.Features;

namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the working memory of one thread for a <see cref="FrozenTemporalModel"/>.</summary>
internal sealed class FrozenTemporalScratch : RowMajorScratch
{
    /// <param name="model">The model it is for.</param>
    /// <param name="layout">Blocks of a record.</param>
    /// <param name="parts">What the model is made of.</param>
    /// <param name="rows">Most rows of one pass.</param>
    public FrozenTemporalScratch(FrozenModel model, FeatureLayout layout, FrozenTemporalParts parts, int rows)
        : base(model)
    {
        var (units, latent) = (parts.Memory.Units, parts.Latent);
        Records = new float[rows * layout.Width];
        (InputGates, Gates) = (new float[rows * 3 * units], new float[rows * 3 * units]);
        States = new float[rows * units];
        Beliefs = [.. Enumerable.Range(0, parts.Jump + 1).Select(_ => new float[rows * units])];

        var (hidden, width) = (parts.Belief[0].Candidate.Outputs, parts.Belief[0].Width);
        Believed = [.. Beliefs.Select(_ => new FrozenGaussians(rows, hidden, width))];
        (First, Second) = (new FrozenGaussians(rows, hidden, width), new FrozenGaussians(rows, hidden, width));
        Context = new ContextRows(rows * ((2 * units) + (2 * latent) + parts.Jump));
        (Later, Earlier) = (new float[rows * latent], new float[rows * latent]);
        var widest = parts.Decoder.Max(layer => layer.Outputs);
        (DecoderFirst, DecoderSecond) = (new float[rows * widest], new float[rows * widest]);
        (Energies, PastEnergies) = (new double[rows], new double[rows]);
        (Precisions, Outputs) = (new float[layout.Width], new float[layout.Width]);
        Costs = new double[layout.BlockCount];
    }

    public float[] Records { get; }

    public float[] InputGates { get; }

    public float[] Gates { get; }

    public float[] States { get; }

    /// <summary>Gets the beliefs after the last record, after the one before it, and so on.</summary>
    public float[][] Beliefs { get; }

    /// <summary>Gets the top level of the states that each belief gives.</summary>
    public FrozenGaussians[] Believed { get; }

    public FrozenGaussians First { get; }

    public FrozenGaussians Second { get; }

    public ContextRows Context { get; }

    public float[] Later { get; }

    public float[] Earlier { get; }

    public float[] DecoderFirst { get; }

    public float[] DecoderSecond { get; }

    public double[] Energies { get; }

    public double[] PastEnergies { get; }

    public float[] Precisions { get; }

    public float[] Outputs { get; }

    public double[] Costs { get; }
}
