using System.Numerics;
using System.Runtime.InteropServices;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    public override void AddBroadcast(Tensor source, float factor, AxisSplit split, Tensor target)
    {
        var x = Span(source);
        var y = Span(target);
        for (var outer = 0; outer < split.Outer; outer++)
        {
            if (split.Inner == 1)
            {
                var value = factor * x[outer];
                foreach (ref var element in y.Slice(outer * split.Axis, split.Axis))
                    element += value;
                continue;
            }

            for (var k = 0; k < split.Axis; k++)
                ElementKernels.AddScaled(x.Slice(outer * split.Inner, split.Inner), factor, y.Slice(((outer * split.Axis) + k) * split.Inner, split.Inner));
        }
    }

    public override void Sum(Tensor source, AxisSplit split, float factor, Tensor target, bool accumulate)
    {
        var x = Span(source);
        var y = Span(target);
        if (!accumulate)
            y.Clear();

        if (split.Outer == 1 && factor == 1 && split.Inner > 1)
        {
            GradientKernels.AddColumnSums(x, split.Axis, split.Inner, y, VectorWidths.Widest);
            return;
        }

        for (var outer = 0; outer < split.Outer; outer++)
        {
            if (split.Inner == 1)
            {
                y[outer] += factor * Sum(x.Slice(outer * split.Axis, split.Axis));
                continue;
            }

            for (var k = 0; k < split.Axis; k++)
                ElementKernels.AddScaled(x.Slice(((outer * split.Axis) + k) * split.Inner, split.Inner), factor, y.Slice(outer * split.Inner, split.Inner));
        }
    }

    public override void SumProduct(Tensor left, Tensor right, AxisSplit split, Tensor target)
    {
        var a = Span(left);
        var b = Span(right);
        var y = Span(target);
        for (var outer = 0; outer < split.Outer; outer++)
        {
            if (split.Inner == 1)
            {
                var start = outer * split.Axis;
                y[outer] += Dot(a.Slice(start, split.Axis), b.Slice(start, split.Axis));
                continue;
            }

            for (var k = 0; k < split.Axis; k++)
            {
                var start = ((outer * split.Axis) + k) * split.Inner;
                MultiplyAdd(a.Slice(start, split.Inner), b.Slice(start, split.Inner), y.Slice(outer * split.Inner, split.Inner));
            }
        }
    }

    public override double SumOfSquares(Tensor source)
    {
        var values = Span(source);
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var lowLanes = Vector<double>.Zero;
        var highLanes = Vector<double>.Zero;
        foreach (var vector in vectors)
        {
            Vector.Widen(vector, out var low, out var high);
            lowLanes += low * low;
            highLanes += high * high;
        }

        var sum = Vector.Sum(lowLanes + highLanes);
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
            sum += (double)value * value;
        return sum;
    }

    private static float Sum(ReadOnlySpan<float> values)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var lanes = Vector<float>.Zero;
        foreach (var vector in vectors)
            lanes += vector;

        var sum = Vector.Sum(lanes);
        foreach (var value in values[(vectors.Length * Vector<float>.Count)..])
            sum += value;
        return sum;
    }

    private static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var a = MemoryMarshal.Cast<float, Vector<float>>(left);
        var b = MemoryMarshal.Cast<float, Vector<float>>(right);
        var lanes = Vector<float>.Zero;
        for (var i = 0; i < a.Length; i++)
            lanes += a[i] * b[i];

        var sum = Vector.Sum(lanes);
        for (var i = a.Length * Vector<float>.Count; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
