using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Draws from diagonal Gaussians so that gradients reach their parameters: z = mean + exp(logVariance / 2) eps (Kingma and Welling, 2014).</summary>
internal static class GaussianSample
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="mean">Means.</param>
    /// <param name="logVariance">Logarithms of the variances, same shape.</param>
    /// <param name="noise">Source of eps; null takes the means.</param>
    public static Tensor Draw(Tape? tape, Tensor mean, Tensor logVariance, SeededRandom? noise)
    {
        if (noise is null)
            return mean;

        return At(tape, mean, logVariance, DrawStandard(mean.Device, mean.Shape, noise));
    }

    /// <param name="tape">Tape, or null.</param>
    /// <param name="mean">Means.</param>
    /// <param name="logVariance">Logarithms of the variances, same shape.</param>
    /// <param name="draws">eps: of the same shape, or one for all rows.</param>
    public static Tensor At(Tape? tape, Tensor mean, Tensor logVariance, Tensor draws)
    {
        var deviation = ElementWise.Apply(tape, UnaryFunction.Exp, Arithmetic.Scale(tape, logVariance, 0.5f));
        return Arithmetic.Add(tape, mean, Arithmetic.Multiply(tape, deviation, draws));
    }

    /// <summary>Draws from N(0, 1).</summary>
    public static Tensor DrawStandard(Device device, Shape shape, SeededRandom random)
    {
        var draws = device.Create(shape);
        device.FillNormal(draws, random);
        return draws;
    }
}
