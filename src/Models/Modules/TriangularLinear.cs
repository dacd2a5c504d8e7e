using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Mixes features by an invertible matrix held as its LU factors: y = x L U; log|det| = sum s.</summary>
/// <remarks>
/// L is unit lower triangular, U upper triangular with the diagonal exp(s), which is positive, so that the matrix can never become singular
/// (Kingma and Dhariwal, Glow, 2018, eq. 10; no fixed permutation, because successive couplings change the half they transform). Starts as the identity.
/// </remarks>
internal sealed class TriangularLinear
{
    // Multiplying the factors first costs 3 width³ for once and saves half of 12 rows width², less what panels 32 wide waste at the diagonal: even where width² is 64 rows.
    private const int LargestSquareOfRow = 64;

    /// <summary>Creates NAME.lower, NAME.upper and NAME.log_diagonal.</summary>
    /// <param name="parameters">Set to create them in.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="width">Number of features.</param>
    public TriangularLinear(ParameterSet parameters, string name, int width)
    {
        var square = new Shape(width, width);
        Lower = parameters.Create($"{name}.lower", square, ParameterRole.Weight, static _ => { });
        Upper = parameters.Create($"{name}.upper", square, ParameterRole.Weight, static _ => { });
        LogDiagonal = parameters.Create($"{name}.log_diagonal", new Shape(width), ParameterRole.Offset, static _ => { });
    }

    /// <summary>Gets the values below the diagonal of L; the others are not used.</summary>
    public Tensor Lower { get; }

    /// <summary>Gets the values above the diagonal of U; the others are not used.</summary>
    public Tensor Upper { get; }

    /// <summary>Gets the logarithms of U's diagonal.</summary>
    public Tensor LogDiagonal { get; }

    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">x, <c>[rows, width]</c>.</param>
    public Tensor Forward(Tape? tape, Tensor input)
    {
        var (lower, upper) = Factors(tape);
        var (rows, width) = (input.Shape[0], input.Shape[1]);
        return (long)width * width < (long)LargestSquareOfRow * rows
            ? MatMul.Apply(tape, input, TriangularMatMul.Apply(tape, lower, upper, isLower: false))
            : TriangularMatMul.Apply(tape, TriangularMatMul.Apply(tape, input, lower, isLower: true), upper, isLower: false);
    }

    /// <summary>Computes L and U, each <c>[width, width]</c>.</summary>
    public (Tensor Lower, Tensor Upper) Factors(Tape? tape) =>
        (TriangularFactor.Apply(tape, Lower, null, isLower: true), TriangularFactor.Apply(tape, Upper, LogDiagonal, isLower: false));

    /// <summary>Computes log|det dy/dx|, the same for every row: <c>[1]</c>.</summary>
    public Tensor LogDeterminant(Tape? tape) => Reduction.Sum(tape, LogDiagonal, 0, 0);
}
