using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Makes a triangular matrix of weights: T = W strictly on one side of the diagonal, exp(s) or 1 on it, 0 on the other side.</summary>
/// <remarks>dW = dT on that side and 0 elsewhere; ds_i = dT_ii exp(s_i).</remarks>
internal static class TriangularFactor
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="weights">W, <c>[width, width]</c>.</param>
    /// <param name="logDiagonal">s, <c>[width]</c>; null for ones.</param>
    /// <param name="isLower">True to take what is below the diagonal, false for what is above.</param>
    /// <returns>T, <c>[width, width]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor weights, Tensor? logDiagonal, bool isLower)
    {
        if (weights.Shape.Rank != 2 || weights.Shape[0] != weights.Shape[1])
            throw new ArgumentException($"TriangularFactor: weights {weights.Shape} are not square.");
        if (logDiagonal is not null && logDiagonal.Shape != new Shape(weights.Shape[0]))
            throw new ArgumentException($"TriangularFactor: diagonal {logDiagonal.Shape} does not fit weights {weights.Shape}.");

        var device = weights.Device;
        var result = device.Create(weights.Shape);
        device.TakeTriangle(weights, logDiagonal, isLower, result);
        tape?.Record(
            result,
            gradient =>
            {
                var weightsGradient = tape.Gradient(weights, out var accumulate);
                device.TakeTriangleBackward(result, isLower, gradient, weightsGradient, accumulate, logDiagonal is null ? null : tape.Gradient(logDiagonal));
            },
            logDiagonal is null ? [weights] : [weights, logDiagonal]);
        return result;
    }
}
