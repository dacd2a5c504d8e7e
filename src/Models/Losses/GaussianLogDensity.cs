using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Measures how likely values are under diagonal Gaussians.</summary>
internal static class GaussianLogDensity
{
    private static readonly float LogTwoPi = (float)Math.Log(2 * Math.PI);

    /// <summary>log N(x; mean, exp(v)) = -sum_j ((x_j - mean_j)² exp(-v_j) + v_j + log 2 pi) / 2.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="values">x, <c>[rows, width]</c>.</param>
    /// <param name="gaussian">mean and v, each <c>[rows, width]</c>.</param>
    /// <returns>Nats, <c>[rows]</c>.</returns>
    public static Tensor PerRow(Tape? tape, Tensor values, DiagonalGaussian gaussian)
    {
        var squares = ElementWise.Apply(tape, UnaryFunction.Square, Arithmetic.Subtract(tape, values, gaussian.Mean));
        var precision = ElementWise.Apply(tape, UnaryFunction.Exp, Arithmetic.Scale(tape, gaussian.LogVariance, -1));
        var terms = Arithmetic.Add(tape, Arithmetic.Multiply(tape, squares, precision), gaussian.LogVariance);
        return Reduction.Sum(tape, Arithmetic.Scale(tape, terms, -0.5f, -0.5f * LogTwoPi), 1, 1);
    }
}
