using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Kernels;

/// <summary>Updates parameters in place; each element by the same correctly rounded operations on every machine and vector width.</summary>
internal static unsafe class OptimizerKernels
{
    // The moments of a weight without gradient (a unit that fell silent) decay into subnormal numbers and stay there; many processors are slow at those.
    private const float Trace = 1e-30f;

    /// <summary>Takes one step of AdamW; see <see cref="Optimization.AdamW"/> for the formulas.</summary>
    /// <param name="parameter">w.</param>
    /// <param name="gradient">g, as long.</param>
    /// <param name="firstMoment">m, as long.</param>
    /// <param name="secondMoment">v, as long.</param>
    /// <param name="step">Numbers of the step.</param>
    /// <param name="width">Registers to work with.</param>
    /// <exception cref="ArgumentException">The spans are not equally long.</exception>
    public static void AdamW(
        Span<float> parameter, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment, in AdamWStep step, VectorWidth width)
    {
        if (gradient.Length != parameter.Length || firstMoment.Length != parameter.Length || secondMoment.Length != parameter.Length)
        {
            throw new ArgumentException(
                $"AdamW: {gradient.Length} gradients and {firstMoment.Length} and {secondMoment.Length} moments do not fit {parameter.Length} parameters.");
        }

        fixed (float* w = parameter, g = gradient, m = firstMoment, v = secondMoment)
        {
            var done = width switch
            {
                VectorWidth.Bits512 => Run<Lanes16, Vector512<float>>(w, g, m, v, 0, parameter.Length, step),
                VectorWidth.Bits256 => Run<Lanes8, Vector256<float>>(w, g, m, v, 0, parameter.Length, step),
                VectorWidth.Bits128 => Run<Lanes4, Vector128<float>>(w, g, m, v, 0, parameter.Length, step),
                _ => 0,
            };
            Run<Lanes1, float>(w, g, m, v, done, parameter.Length, step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Run<TLanes, TVector>(float* w, float* g, float* m, float* v, int index, int count, in AdamWStep step)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var (scale, epsilon) = (TLanes.Broadcast(step.GradientScale), TLanes.Broadcast(step.Epsilon));
        var (beta1, rest1) = (TLanes.Broadcast(step.Beta1), TLanes.Broadcast(1 - step.Beta1));
        var (beta2, rest2) = (TLanes.Broadcast(step.Beta2), TLanes.Broadcast(1 - step.Beta2));
        var correction = TLanes.Broadcast(1 / step.Correction2);
        var rate = TLanes.Broadcast(-step.LearningRate / step.Correction1);
        var shrink = TLanes.Broadcast(1 - (step.LearningRate * step.Decay));
        var (trace, zero) = (TLanes.Broadcast(Trace), TLanes.Broadcast(0f));
        for (; index + TLanes.Count <= count; index += TLanes.Count)
        {
            var slope = TLanes.Multiply(TLanes.Load(g + index), scale);
            var mean = TLanes.MultiplyAdd(TLanes.Load(m + index), beta1, TLanes.Multiply(slope, rest1));
            var square = TLanes.MultiplyAdd(TLanes.Load(v + index), beta2, TLanes.Multiply(TLanes.Multiply(slope, slope), rest2));
            mean = TLanes.SelectGreater(trace, TLanes.Abs(mean), zero, mean);
            square = TLanes.SelectGreater(trace, square, zero, square);
            TLanes.Store(mean, m + index);
            TLanes.Store(square, v + index);
            var deviation = TLanes.Add(TLanes.SquareRoot(TLanes.Multiply(square, correction)), epsilon);
            var kept = TLanes.Multiply(TLanes.Load(w + index), shrink);
            TLanes.Store(TLanes.MultiplyAdd(rate, TLanes.Divide(mean, deviation), kept), w + index);
        }

        return index;
    }
}
