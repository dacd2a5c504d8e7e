using AEAnomaly.Models.Randomness;

namespace AEAnomaly.Models.Modules;

/// <summary>Draws initial weights that keep the variance of activations and gradients about equal from layer to layer.</summary>
internal static class Initializers
{
    /// <summary>Draws from U(-a, a), a = sqrt(6 / inputs): variance 2 / inputs, for layers before a ReLU (He et al., 2015).</summary>
    public static void Kaiming(Span<float> weights, int inputs, SeededRandom random) => Uniform(weights, Math.Sqrt(6.0 / inputs), random);

    /// <summary>Draws from U(-a, a), a = sqrt(6 / (inputs + outputs)), for linear, tanh and sigmoid layers (Glorot and Bengio, 2010).</summary>
    public static void Xavier(Span<float> weights, int inputs, int outputs, SeededRandom random) =>
        Uniform(weights, Math.Sqrt(6.0 / (inputs + outputs)), random);

    private static void Uniform(Span<float> weights, double bound, SeededRandom random)
    {
        foreach (ref var weight in weights)
            weight = (float)(((2 * random.NextDouble()) - 1) * bound);
    }
}
