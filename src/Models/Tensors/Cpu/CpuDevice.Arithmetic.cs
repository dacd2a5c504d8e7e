using System.Numerics;
using System.Runtime.InteropServices;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    public override void AddScaled(Tensor source, float factor, Tensor target) => ElementKernels.AddScaled(Span(source), factor, Span(target));

    public override void ScaleOffset(Tensor source, float factor, float offset, Tensor target)
    {
        var x = Span(source);
        var y = Span(target);
        var sources = MemoryMarshal.Cast<float, Vector<float>>(x);
        var targets = MemoryMarshal.Cast<float, Vector<float>>(y);
        var addend = new Vector<float>(offset);
        for (var i = 0; i < sources.Length; i++)
            targets[i] = (sources[i] * factor) + addend;
        for (var i = sources.Length * Vector<float>.Count; i < x.Length; i++)
            y[i] = (factor * x[i]) + offset;
    }

    public override void Binary(BinaryFunction function, Tensor left, Tensor right, AxisSplit split, Tensor result)
    {
        switch (function)
        {
            case BinaryFunction.Add: Combine<AddOperator>(Span(left), Span(right), split, Span(result)); break;
            case BinaryFunction.Subtract: Combine<SubtractOperator>(Span(left), Span(right), split, Span(result)); break;
            case BinaryFunction.Multiply: Combine<MultiplyOperator>(Span(left), Span(right), split, Span(result)); break;
            default: throw new ArgumentOutOfRangeException(nameof(function), function, "The device does not know this function.");
        }
    }

    public override void MultiplyAdd(Tensor left, Tensor right, AxisSplit split, Tensor target)
    {
        var a = Span(left);
        var b = Span(right);
        var y = Span(target);
        for (var outer = 0; outer < split.Outer; outer++)
        {
            if (split.Inner == 1)
            {
                ElementKernels.AddScaled(a.Slice(outer * split.Axis, split.Axis), b[outer], y.Slice(outer * split.Axis, split.Axis));
                continue;
            }

            for (var k = 0; k < split.Axis; k++)
            {
                var start = ((outer * split.Axis) + k) * split.Inner;
                MultiplyAdd(a.Slice(start, split.Inner), b.Slice(outer * split.Inner, split.Inner), y.Slice(start, split.Inner));
            }
        }
    }

    private static void Combine<TOperator>(ReadOnlySpan<float> left, ReadOnlySpan<float> right, AxisSplit split, Span<float> result)
        where TOperator : IBinaryOperator
    {
        for (var outer = 0; outer < split.Outer; outer++)
        {
            var small = right.Slice(outer * split.Inner, split.Inner);
            if (split.Inner == 1)
            {
                var factor = new Vector<float>(small[0]);
                var start = outer * split.Axis;
                CombineScalar<TOperator>(left.Slice(start, split.Axis), factor, result.Slice(start, split.Axis));
                continue;
            }

            for (var k = 0; k < split.Axis; k++)
            {
                var start = ((outer * split.Axis) + k) * split.Inner;
                CombineSame<TOperator>(left.Slice(start, split.Inner), small, result.Slice(start, split.Inner));
            }
        }
    }

    private static void CombineSame<TOperator>(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> result)
        where TOperator : IBinaryOperator
    {
        var a = MemoryMarshal.Cast<float, Vector<float>>(left);
        var b = MemoryMarshal.Cast<float, Vector<float>>(right);
        var y = MemoryMarshal.Cast<float, Vector<float>>(result);
        for (var i = 0; i < a.Length; i++)
            y[i] = TOperator.Invoke(a[i], b[i]);

        var done = a.Length * Vector<float>.Count;
        if (done < left.Length)
            Store(TOperator.Invoke(Load(left[done..]), Load(right[done..])), result[done..]);
    }

    private static void CombineScalar<TOperator>(ReadOnlySpan<float> left, Vector<float> right, Span<float> result)
        where TOperator : IBinaryOperator
    {
        var a = MemoryMarshal.Cast<float, Vector<float>>(left);
        var y = MemoryMarshal.Cast<float, Vector<float>>(result);
        for (var i = 0; i < a.Length; i++)
            y[i] = TOperator.Invoke(a[i], right);

        var done = a.Length * Vector<float>.Count;
        if (done < left.Length)
            Store(TOperator.Invoke(Load(left[done..]), right), result[done..]);
    }

    private static void MultiplyAdd(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> target)
    {
        var a = MemoryMarshal.Cast<float, Vector<float>>(left);
        var b = MemoryMarshal.Cast<float, Vector<float>>(right);
        var y = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (var i = 0; i < a.Length; i++)
            y[i] += a[i] * b[i];
        for (var i = a.Length * Vector<float>.Count; i < left.Length; i++)
            target[i] += left[i] * right[i];
    }
}
