namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the working memory of one thread for a <see cref="FrozenFlowModel"/>.</summary>
internal sealed class FrozenFlowScratch : RowMajorScratch
{
    /// <param name="model">The model it is for.</param>
    /// <param name="parts">What the model is made of.</param>
    /// <param name="rows">Most rows of one pass.</param>
    public FrozenFlowScratch(FrozenFlowModel model, FrozenFlowParts parts, int rows)
        : base(model)
    {
        Trunk = [.. parts.Trunk.Select(layer => new float[rows * layer.Outputs])];
        Head = new float[rows * parts.Heads.Max(head => head.Outputs)];
        Codes = new float[rows * model.LatentWidth];
        CodeOfLevel = new float[rows * model.LatentWidth];
        var widest = parts.Decoder.Max(layer => layer.Outputs);
        (First, Second) = (new float[rows * widest], new float[rows * widest]);
        Decoded = new float[rows * parts.Decoder[^1].Outputs];
        Residuals = new float[rows * parts.Parts.RealWidth];
        Expected = new float[parts.Parts.RealWidth];
        Observed = new float[parts.Parts.RealWidth];
        Outputs = new float[model.Layout.Width];
        (Targets, LikeliestTargets) = (new float[parts.Parts.DiscreteWidth], new float[parts.Parts.DiscreteWidth]);
        (Energies, LogDeterminants) = (new double[rows], new double[rows]);
        Present = new float[parts.Parts.RealWidth];
        (LogDeviations, Precisions) = (new float[parts.Parts.RealWidth], new float[parts.Parts.RealWidth]);
        Drops = new double[model.Layout.BlockCount];
        Replaced = new int[rows];
        Flow = parts.Flow?.CreateScratch(rows);
    }

    public float[][] Trunk { get; }

    public float[] Head { get; }

    public float[] Codes { get; }

    public float[] CodeOfLevel { get; }

    public float[] First { get; }

    public float[] Second { get; }

    public float[] Decoded { get; }

    public float[] Residuals { get; }

    public float[] Expected { get; }

    public float[] Observed { get; }

    public float[] Outputs { get; }

    public float[] Targets { get; }

    public float[] LikeliestTargets { get; }

    public double[] Energies { get; }

    public double[] LogDeterminants { get; }

    public float[] Present { get; }

    public float[] LogDeviations { get; }

    public float[] Precisions { get; }

    public double[] Drops { get; }

    /// <summary>Gets the block that holds what was expected in each copy of a row, or -1 for the row itself.</summary>
    public int[] Replaced { get; }

    public FlowScratch? Flow { get; }
}
