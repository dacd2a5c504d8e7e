using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Manifolds;

/// <summary>Describes the space of constant curvature k in the coordinates around it (Grattarola et al., 2018).</summary>
/// <remarks>
/// k = 0: Euclidean space, every point belongs to it. k &gt; 0: the sphere &lt;z, z&gt; = 1 / k with &lt;z, z&gt; = sum_j z_j².
/// k &lt; 0: the upper sheet of the hyperboloid &lt;z, z&gt; = 1 / k with &lt;z, z&gt; = -z_0² + sum_j>0 z_j².
/// </remarks>
/// <param name="curvature">Curvature k.</param>
internal sealed class ConstantCurvatureManifold(double curvature)
{
    // Keeps the logarithm of a norm finite at the origin.
    private const float SmallestSquare = 1e-12f;

    private readonly float _radius = curvature == 0 ? 0 : (float)(1 / Math.Sqrt(Math.Abs(curvature)));

    private readonly float _square = curvature == 0 ? 0 : (float)(1 / Math.Abs(curvature));

    /// <summary>Gets whether points can lie beside the manifold.</summary>
    public bool IsCurved => curvature != 0;

    /// <summary>Projects points: onto the sphere along the radius, onto the hyperboloid along its first axis.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="points">Points, <c>[rows, coordinates]</c>.</param>
    public Tensor Project(Tape? tape, Tensor points)
    {
        if (curvature == 0)
            return points;

        if (curvature > 0)
        {
            var logarithm = ElementWise.Apply(tape, UnaryFunction.Log, Arithmetic.Scale(tape, SumOfSquares(tape, points), 1, SmallestSquare));
            var inverseNorm = ElementWise.Apply(tape, UnaryFunction.Exp, Arithmetic.Scale(tape, logarithm, -0.5f));
            return Arithmetic.Multiply(tape, points, Arithmetic.Scale(tape, inverseNorm, _radius));
        }

        var spatial = Columns.Slice(tape, points, 1, points.Shape[1] - 1);
        var height = ElementWise.Apply(tape, UnaryFunction.Log, Arithmetic.Scale(tape, SumOfSquares(tape, spatial), 1, _square));
        return Columns.Concat(tape, ElementWise.Apply(tape, UnaryFunction.Exp, Arithmetic.Scale(tape, height, 0.5f)), spatial);
    }

    /// <summary>Computes &lt;z, z&gt; - 1 / k of each point, <c>[rows]</c>: 0 on the manifold.</summary>
    public Tensor Deviations(Tape? tape, Tensor points)
    {
        var product = SumOfSquares(tape, points);
        if (curvature < 0)
        {
            var first = ElementWise.Apply(tape, UnaryFunction.Square, Columns.Slice(tape, points, 0, 1));
            product = Arithmetic.Subtract(tape, product, Arithmetic.Scale(tape, first, 2));
        }

        return Reduction.Sum(tape, Arithmetic.Scale(tape, product, 1, curvature > 0 ? -_square : _square), 1, 1);
    }

    /// <summary>Computes &lt;z, z&gt; - 1 / k of one point.</summary>
    public float Deviation(ReadOnlySpan<float> point)
    {
        var sum = curvature > 0 ? point[0] * point[0] : -point[0] * point[0];
        foreach (var value in point[1..])
            sum += value * value;
        return sum - (curvature > 0 ? _square : -_square);
    }

    /// <summary>Projects one point in place.</summary>
    public void Project(Span<float> point)
    {
        if (curvature == 0)
            return;

        var sum = 0f;
        foreach (var value in curvature > 0 ? point : point[1..])
            sum += value * value;
        if (curvature < 0)
        {
            point[0] = MathF.Sqrt(sum + _square);
            return;
        }

        var factor = _radius / MathF.Sqrt(sum + SmallestSquare);
        foreach (ref var value in point)
            value *= factor;
    }

    /// <summary>Draws from the prior: the standard normal distribution, the uniform one on the sphere, or the exponential map of a standard normal at the hyperboloid's apex.</summary>
    /// <param name="device">Device.</param>
    /// <param name="shape">Number of points and of coordinates.</param>
    /// <param name="random">Source of the draws.</param>
    public Tensor DrawPrior(Device device, Shape shape, SeededRandom random)
    {
        var draws = device.Create(shape);
        device.FillNormal(draws, random);
        if (curvature >= 0)
            return Project(null, draws);

        var points = draws.ToArray();
        var width = shape[1];
        for (var row = 0; row < shape[0]; row++)
        {
            var point = points.AsSpan(row * width, width);
            var square = 0.0;
            foreach (var value in point[1..])
                square += (double)value * value;

            // exp(v) = (r cosh(|v| / r), r sinh(|v| / r) v / |v|).
            var length = Math.Sqrt(square);
            var factor = length > 0 ? _radius * Math.Sinh(length / _radius) / length : 1;
            foreach (ref var value in point[1..])
                value = (float)(value * factor);
            point[0] = (float)(_radius * Math.Cosh(length / _radius));
        }

        return device.Create(shape, points);
    }

    // [rows, 1], which multiplies every column.
    private static Tensor SumOfSquares(Tape? tape, Tensor points)
    {
        var ones = points.Device.Create(new Shape(points.Shape[1], 1));
        points.Device.Fill(ones, 1);
        return MatMul.Apply(tape, ElementWise.Apply(tape, UnaryFunction.Square, points), ones);
    }
}
