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
    private readonly Tensor _lowerMask;
    private readonly Tensor _upperMask;
    private readonly Tensor _identity;

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
        _lowerMask = Mask(parameters.Device, width, static (row, column) => row > column);
        _upperMask = Mask(parameters.Device, width, static (row, column) => row < column);
        _identity = Mask(parameters.Device, width, static (row, column) => row == column);
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
        return MatMul.Apply(tape, input, MatMul.Apply(tape, lower, upper));
    }

    /// <summary>Computes L and U, each <c>[width, width]</c>.</summary>
    public (Tensor Lower, Tensor Upper) Factors(Tape? tape)
    {
        var lower = Arithmetic.Add(tape, Arithmetic.Multiply(tape, Lower, _lowerMask), _identity);
        var diagonal = Arithmetic.Multiply(tape, _identity, ElementWise.Apply(tape, UnaryFunction.Exp, LogDiagonal));
        return (lower, Arithmetic.Add(tape, Arithmetic.Multiply(tape, Upper, _upperMask), diagonal));
    }

    /// <summary>Computes log|det dy/dx|, the same for every row: <c>[1]</c>.</summary>
    public Tensor LogDeterminant(Tape? tape) => Reduction.Sum(tape, LogDiagonal, 0, 0);

    private static Tensor Mask(Device device, int width, Func<int, int, bool> isSet)
    {
        var values = new float[width * width];
        for (var row = 0; row < width; row++)
        {
            for (var column = 0; column < width; column++)
                values[(row * width) + column] = isSet(row, column) ? 1 : 0;
        }

        var mask = device.Allocate(new Shape(width, width));
        device.Upload(values, mask);
        return mask;
    }
}
