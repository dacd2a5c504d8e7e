using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Measures how far the mean activations of units in (0, 1) are from a target.</summary>
internal static class BernoulliKl
{
    // Keeps the logarithms finite where every row of a batch saturates a unit.
    private const float Margin = 1e-6f;

    /// <summary>sum_j KL(target || m_j) = sum_j target log(target / m_j) + (1 - target) log((1 - target) / (1 - m_j)), with m_j the mean of column j.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="activations">Values between 0 and 1, <c>[rows, units]</c>.</param>
    /// <param name="target">Target between 0 and 1, both excluded.</param>
    /// <returns>Nats, <c>[1]</c>.</returns>
    public static Tensor OfMeans(Tape? tape, Tensor activations, double target)
    {
        var means = Arithmetic.Scale(tape, Reduction.Mean(tape, activations, 0, 0), 1 - (2 * Margin), Margin);
        var on = ElementWise.Apply(tape, UnaryFunction.Log, means);
        var off = ElementWise.Apply(tape, UnaryFunction.Log, Arithmetic.Scale(tape, means, -1, 1));
        var crossEntropy = Arithmetic.Add(tape, Arithmetic.Scale(tape, on, (float)-target), Arithmetic.Scale(tape, off, (float)(target - 1)));
        var entropy = -(target * Math.Log(target)) - ((1 - target) * Math.Log(1 - target));
        return Reduction.Sum(tape, Arithmetic.Scale(tape, crossEntropy, 1, (float)-entropy), 0, 0);
    }
}
