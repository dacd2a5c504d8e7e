using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Multiplies by a triangular matrix at about half the cost: C = A T; dA = dC Tᵀ, dT = Aᵀ dC.</summary>
/// <remarks>The zeros of T are constants: outside of its triangle, what dT holds has no meaning.</remarks>
internal static class TriangularMatMul
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="left">A, <c>[m, n]</c>.</param>
    /// <param name="triangle">T, <c>[n, n]</c>, with its zeros; see <see cref="TriangularFactor"/>.</param>
    /// <param name="isLower">True when T is 0 above the diagonal, false when it is 0 below.</param>
    /// <returns>C, <c>[m, n]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor left, Tensor triangle, bool isLower)
    {
        if (left.Shape.Rank != 2 || triangle.Shape != new Shape(left.Shape[1], left.Shape[1]))
            throw new ArgumentException($"TriangularMatMul: left {left.Shape} does not fit triangle {triangle.Shape}.");

        var device = left.Device;
        var result = device.Create(left.Shape);
        device.MatMulTriangular(left, false, triangle, false, result, false, isLower ? MatrixTriangle.RightLower : MatrixTriangle.RightUpper);
        tape?.Record(
            result,
            gradient =>
            {
                // The transpose is triangular the other way round.
                if (tape.Gradient(left, out var accumulate) is { } leftGradient)
                    device.MatMulTriangular(gradient, false, triangle, true, leftGradient, accumulate, isLower ? MatrixTriangle.RightUpper : MatrixTriangle.RightLower);
                if (tape.Gradient(triangle, out accumulate) is { } triangleGradient)
                    device.MatMulTriangular(left, true, gradient, false, triangleGradient, accumulate, isLower ? MatrixTriangle.ResultLower : MatrixTriangle.ResultUpper);
            },
            left,
            triangle);
        return result;
    }
}
