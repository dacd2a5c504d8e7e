using System.Numerics;

namespace AEAnomaly.Models.Tensors.Cpu;

internal readonly struct ReluOperator : IUnaryOperator
{
    public static Vector<float> Value(Vector<float> x) => Vector.Max(x, Vector<float>.Zero);

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, Vector<float>.Zero);
}

internal readonly struct LeakyReluOperator : IUnaryOperator
{
    private const float Leak = 0.01f;

    public static Vector<float> Value(Vector<float> x) => Vector.Max(x, x * Leak);

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) =>
        Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<float>.Zero), Vector<float>.One, new Vector<float>(Leak));
}

internal readonly struct TanhOperator : IUnaryOperator
{
    // (1 - e) / (1 + e) with e = exp(-2|x|) cannot overflow; the sign is put back at the end.
    public static Vector<float> Value(Vector<float> x)
    {
        var e = Vector.Exp(Vector.Abs(x) * -2f);
        return Vector.CopySign((Vector<float>.One - e) / (Vector<float>.One + e), x);
    }

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector<float>.One - (y * y);
}

internal readonly struct SigmoidOperator : IUnaryOperator
{
    public static Vector<float> Value(Vector<float> x) => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => y * (Vector<float>.One - y);
}

internal readonly struct SoftplusOperator : IUnaryOperator
{
    public static Vector<float> Value(Vector<float> x) =>
        Vector.Max(x, Vector<float>.Zero) + Vector.Log(Vector<float>.One + Vector.Exp(-Vector.Abs(x)));

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => SigmoidOperator.Value(x);
}

internal readonly struct ExpOperator : IUnaryOperator
{
    public static Vector<float> Value(Vector<float> x) => Vector.Exp(x);

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => y;
}

internal readonly struct LogOperator : IUnaryOperator
{
    public static Vector<float> Value(Vector<float> x) => Vector.Log(x);

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => Vector<float>.One / x;
}

internal readonly struct SquareOperator : IUnaryOperator
{
    public static Vector<float> Value(Vector<float> x) => x * x;

    public static Vector<float> Slope(Vector<float> x, Vector<float> y) => x + x;
}
