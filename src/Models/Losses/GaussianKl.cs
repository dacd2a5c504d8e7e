using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Measures how far diagonal Gaussians are from the standard normal distribution, or from each other.</summary>
internal static class GaussianKl
{
    /// <summary>KL(N(mean, exp(logVariance)) || N(0, 1)) = sum_j (mean_j² + exp(logVariance_j) - logVariance_j - 1) / 2.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="mean">Means, <c>[rows, latent]</c>.</param>
    /// <param name="logVariance">Logarithms of the variances, <c>[rows, latent]</c>.</param>
    /// <returns>Nats, <c>[rows]</c>.</returns>
    public static Tensor PerRow(Tape? tape, Tensor mean, Tensor logVariance)
    {
        var squares = ElementWise.Apply(tape, UnaryFunction.Square, mean);
        var variances = ElementWise.Apply(tape, UnaryFunction.Exp, logVariance);
        var spread = Arithmetic.Subtract(tape, variances, logVariance);
        var terms = Arithmetic.Scale(tape, Arithmetic.Add(tape, squares, spread), 0.5f, -0.5f);
        return Reduction.Sum(tape, terms, 1, 1);
    }

    /// <summary>KL(N(m, exp(v)) || N(p, exp(w))) = sum_j (w_j - v_j + (exp(v_j) + (m_j - p_j)²) exp(-w_j) - 1) / 2.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="of">m and v, each <c>[rows, latent]</c>.</param>
    /// <param name="from">p and w, each <c>[rows, latent]</c>.</param>
    /// <returns>Nats, <c>[rows]</c>.</returns>
    public static Tensor Between(Tape? tape, DiagonalGaussian of, DiagonalGaussian from)
    {
        var squares = ElementWise.Apply(tape, UnaryFunction.Square, Arithmetic.Subtract(tape, of.Mean, from.Mean));
        var spread = Arithmetic.Add(tape, ElementWise.Apply(tape, UnaryFunction.Exp, of.LogVariance), squares);
        var ratios = Arithmetic.Multiply(tape, spread, ElementWise.Apply(tape, UnaryFunction.Exp, Arithmetic.Scale(tape, from.LogVariance, -1)));
        var logRatios = Arithmetic.Subtract(tape, from.LogVariance, of.LogVariance);
        return Reduction.Sum(tape, Arithmetic.Scale(tape, Arithmetic.Add(tape, ratios, logRatios), 0.5f, -0.5f), 1, 1);
    }
}
