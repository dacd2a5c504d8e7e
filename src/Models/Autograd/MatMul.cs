using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Multiplies two matrices: C = A B; dA = dC Bᵀ, dB = Aᵀ dC.</summary>
internal static class MatMul
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="left">A, <c>[m, k]</c>.</param>
    /// <param name="right">B, <c>[k, n]</c>.</param>
    /// <returns>C, <c>[m, n]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor left, Tensor right)
    {
        if (left.Shape.Rank != 2 || right.Shape.Rank != 2 || left.Shape[1] != right.Shape[0])
            throw new ArgumentException($"MatMul: left {left.Shape} does not fit right {right.Shape}.");

        var device = left.Device;
        var result = device.Create(new Shape(left.Shape[0], right.Shape[1]));
        device.MatMul(left, false, right, false, result, accumulate: false);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(left, out var accumulate) is { } leftGradient)
                    device.MatMul(gradient, false, right, true, leftGradient, accumulate);
                if (tape.Gradient(right, out accumulate) is { } rightGradient)
                    device.MatMul(left, true, gradient, false, rightGradient, accumulate);
            },
            left,
            right);
        return result;
    }
}
