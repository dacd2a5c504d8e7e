namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the working memory of one thread for a <see cref="FrozenFlow"/>.</summary>
/// <param name="width">Features of the flow.</param>
/// <param name="widestLayer">Widest layer of its couplings.</param>
/// <param name="rows">Most rows of one pass.</param>
internal sealed class FlowScratch(int width, int widestLayer, int rows)
{
    public float[] State { get; } = new float[rows * width];

    public float[] Mixed { get; } = new float[rows * width];

    public float[] Input { get; } = new float[rows * widestLayer];

    public float[] Hidden { get; } = new float[rows * widestLayer];

    public float[] Output { get; } = new float[rows * widestLayer];

    public float[] LogScales { get; } = new float[rows * width];

    public float[] Scales { get; } = new float[rows * width];

    public double[] Solved { get; } = new double[width];
}
