using System.Numerics;
using System.Runtime.InteropServices;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    public override void Unary(UnaryFunction function, Tensor source, Tensor result)
    {
        var x = Span(source);
        var y = Span(result);
        switch (function)
        {
            case UnaryFunction.Relu: Map<ReluOperator>(x, y); break;
            case UnaryFunction.LeakyRelu: Map<LeakyReluOperator>(x, y); break;
            case UnaryFunction.Tanh: Map<TanhOperator>(x, y); break;
            case UnaryFunction.Sigmoid: Map<SigmoidOperator>(x, y); break;
            case UnaryFunction.Softplus: Map<SoftplusOperator>(x, y); break;
            case UnaryFunction.Exp: Map<ExpOperator>(x, y); break;
            case UnaryFunction.Log: Map<LogOperator>(x, y); break;
            case UnaryFunction.Square: Map<SquareOperator>(x, y); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function, "The device does not know this function.");
        }
    }

    public override void UnaryBackward(
        UnaryFunction function, Tensor source, Tensor result, Tensor resultGradient, Tensor sourceGradient, bool accumulate)
    {
        var x = Span(source);
        var y = Span(result);
        var dy = Span(resultGradient);
        var dx = Span(sourceGradient);
        switch (function)
        {
            case UnaryFunction.Relu: AddSlope<ReluOperator>(x, y, dy, dx, accumulate); break;
            case UnaryFunction.LeakyRelu: AddSlope<LeakyReluOperator>(x, y, dy, dx, accumulate); break;
            case UnaryFunction.Tanh: AddSlope<TanhOperator>(x, y, dy, dx, accumulate); break;
            case UnaryFunction.Sigmoid: AddSlope<SigmoidOperator>(x, y, dy, dx, accumulate); break;
            case UnaryFunction.Softplus: AddSlope<SoftplusOperator>(x, y, dy, dx, accumulate); break;
            case UnaryFunction.Exp: AddSlope<ExpOperator>(x, y, dy, dx, accumulate); break;
            case UnaryFunction.Log: AddSlope<LogOperator>(x, y, dy, dx, accumulate); break;
            case UnaryFunction.Square: AddSlope<SquareOperator>(x, y, dy, dx, accumulate); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function, "The device does not know this function.");
        }
    }

    private static void Map<TOperator>(ReadOnlySpan<float> x, Span<float> y)
        where TOperator : IUnaryOperator
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        var results = MemoryMarshal.Cast<float, Vector<float>>(y);
        for (var i = 0; i < vectors.Length; i++)
            results[i] = TOperator.Value(vectors[i]);

        // The rest goes through one padded vector, so that the same arithmetic serves every element.
        var done = vectors.Length * Vector<float>.Count;
        if (done < x.Length)
            Store(TOperator.Value(Load(x[done..])), y[done..]);
    }

    private static void AddSlope<TOperator>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx, bool accumulate)
        where TOperator : IUnaryOperator
    {
        var inputs = MemoryMarshal.Cast<float, Vector<float>>(x);
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(y);
        var gradients = MemoryMarshal.Cast<float, Vector<float>>(dy);
        var results = MemoryMarshal.Cast<float, Vector<float>>(dx);
        for (var i = 0; i < inputs.Length; i++)
        {
            var slope = gradients[i] * TOperator.Slope(inputs[i], outputs[i]);
            results[i] = accumulate ? results[i] + slope : slope;
        }

        var done = inputs.Length * Vector<float>.Count;
        if (done == x.Length)
            return;

        var last = Load(dy[done..]) * TOperator.Slope(Load(x[done..]), Load(y[done..]));
        Store(accumulate ? Load(dx[done..]) + last : last, dx[done..]);
    }

    // Reads fewer values than a vector holds; the rest is 1, where every function here is defined.
    private static Vector<float> Load(ReadOnlySpan<float> values)
    {
        Span<float> padded = stackalloc float[Vector<float>.Count];
        padded.Fill(1);
        values.CopyTo(padded);
        return new Vector<float>(padded);
    }

    private static void Store(Vector<float> vector, Span<float> values)
    {
        Span<float> padded = stackalloc float[Vector<float>.Count];
        vector.CopyTo(padded);
        padded[..values.Length].CopyTo(values);
    }
}
