namespace AEAnomaly.Models.Frozen;

/// <summary>Holds the Gaussians of one level of a latent state, for the rows that one thread has in work.</summary>
/// <param name="rows">Most rows of one pass.</param>
/// <param name="hidden">Units of the gated layer that gives them.</param>
/// <param name="width">Coordinates of the widest Gaussian.</param>
internal sealed class FrozenGaussians(int rows, int hidden, int width)
{
    public float[] Means { get; } = new float[rows * width];

    public float[] LogVariances { get; } = new float[rows * width];

    /// <summary>Gets e^(f log variance), with the factor that was asked for.</summary>
    public float[] Exponentials { get; } = new float[rows * width];

    public float[] Candidate { get; } = new float[rows * hidden];

    public float[] Gate { get; } = new float[rows * hidden];
}
