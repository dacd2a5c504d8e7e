using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Kernels;

/// <summary>Applies functions to adjacent floats, in place.</summary>
internal static unsafe class ElementKernels
{
    /// <summary>Replaces each value by its hyperbolic tangent.</summary>
    /// <param name="values">First value.</param>
    /// <param name="count">Number of values, a multiple of the register width.</param>
    public static void Tanh<TLanes, TVector>(float* values, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => Apply<TanhFunction, TLanes, TVector>(values, count);

    /// <summary>Replaces each value by its logistic function.</summary>
    /// <param name="values">First value.</param>
    /// <param name="count">Number of values, a multiple of the register width.</param>
    public static void Sigmoid<TLanes, TVector>(float* values, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => Apply<SigmoidFunction, TLanes, TVector>(values, count);

    /// <summary>Replaces each value by its hyperbolic tangent; any number of values, on the widest registers of this machine.</summary>
    /// <param name="values">Values.</param>
    public static void Tanh(Span<float> values) => Apply<TanhFunction>(values);

    /// <summary>Replaces each value by its logistic function; any number of values, on the widest registers of this machine.</summary>
    /// <param name="values">Values.</param>
    public static void Sigmoid(Span<float> values) => Apply<SigmoidFunction>(values);

    /// <summary>Replaces each value by e^x; any number of values, on the widest registers of this machine.</summary>
    /// <param name="values">Values.</param>
    public static void Exp(Span<float> values) => Apply<ExpFunction>(values);

    /// <summary>Adds a multiple of values to others: a product and a sum, each rounded.</summary>
    /// <param name="source">Values.</param>
    /// <param name="factor">What they are multiplied by.</param>
    /// <param name="target">Receives the sums; at least as many.</param>
    public static void AddScaled(ReadOnlySpan<float> source, float factor, Span<float> target)
    {
        var x = MemoryMarshal.Cast<float, Vector<float>>(source);
        var y = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (var i = 0; i < x.Length; i++)
            y[i] += x[i] * factor;
        for (var i = x.Length * Vector<float>.Count; i < source.Length; i++)
            target[i] += source[i] * factor;
    }

    private static void Apply<TFunction>(Span<float> values)
        where TFunction : struct, IElementFunction
    {
        fixed (float* first = values)
        {
            var whole = values.Length / (int)VectorWidths.Widest * (int)VectorWidths.Widest;
            switch (VectorWidths.Widest)
            {
                case VectorWidth.Bits512:
                    Apply<TFunction, Lanes16, Vector512<float>>(first, whole);
                    break;
                case VectorWidth.Bits256:
                    Apply<TFunction, Lanes8, Vector256<float>>(first, whole);
                    break;
                case VectorWidth.Bits128:
                    Apply<TFunction, Lanes4, Vector128<float>>(first, whole);
                    break;
                default:
                    whole = 0;
                    break;
            }

            Apply<TFunction, Lanes1, float>(first + whole, values.Length - whole);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TFunction, TLanes, TVector>(float* values, int count)
        where TFunction : struct, IElementFunction
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (var end = values + count; values < end; values += TLanes.Count)
            TLanes.Store(TFunction.Apply<TLanes, TVector>(TLanes.Load(values)), values);
    }

    private interface IElementFunction
    {
        static abstract TVector Apply<TLanes, TVector>(TVector value)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct;
    }

    private readonly struct TanhFunction : IElementFunction
    {
        public static TVector Apply<TLanes, TVector>(TVector value)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => ElementMath.Tanh<TLanes, TVector>(value);
    }

    private readonly struct SigmoidFunction : IElementFunction
    {
        public static TVector Apply<TLanes, TVector>(TVector value)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => ElementMath.Sigmoid<TLanes, TVector>(value);
    }

    private readonly struct ExpFunction : IElementFunction
    {
        public static TVector Apply<TLanes, TVector>(TVector value)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct => ElementMath.Exp<TLanes, TVector>(value);
    }
}
