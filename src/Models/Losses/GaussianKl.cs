using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Measures how far diagonal Gaussians are from the standard normal distribution.</summary>
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
}
