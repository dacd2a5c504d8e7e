using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Kernels;

/// <summary>Applies functions to whole registers of adjacent floats, in place.</summary>
internal static unsafe class ElementKernels
{
    /// <summary>Replaces each value by its hyperbolic tangent.</summary>
    /// <param name="values">First value.</param>
    /// <param name="count">Number of values, a multiple of the register width.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh<TLanes, TVector>(float* values, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (var end = values + count; values < end; values += TLanes.Count)
            TLanes.Store(ElementMath.Tanh<TLanes, TVector>(TLanes.Load(values)), values);
    }

    /// <summary>Replaces each value by its logistic function.</summary>
    /// <param name="values">First value.</param>
    /// <param name="count">Number of values, a multiple of the register width.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid<TLanes, TVector>(float* values, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (var end = values + count; values < end; values += TLanes.Count)
            TLanes.Store(ElementMath.Sigmoid<TLanes, TVector>(TLanes.Load(values)), values);
    }

    /// <summary>Replaces each value by e^x.</summary>
    /// <param name="values">First value.</param>
    /// <param name="count">Number of values, a multiple of the register width.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Exp<TLanes, TVector>(float* values, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        for (var end = values + count; values < end; values += TLanes.Count)
            TLanes.Store(ElementMath.Exp<TLanes, TVector>(TLanes.Load(values)), values);
    }

    /// <summary>Replaces each value by its hyperbolic tangent; any number of values, on the widest registers of this machine.</summary>
    /// <param name="values">Values.</param>
    public static void Tanh(Span<float> values)
    {
        fixed (float* first = values)
        {
            var whole = WholeRegisters(values.Length);
            switch (VectorWidths.Widest)
            {
                case VectorWidth.Bits512:
                    Tanh<Lanes16, Vector512<float>>(first, whole);
                    break;
                case VectorWidth.Bits256:
                    Tanh<Lanes8, Vector256<float>>(first, whole);
                    break;
                case VectorWidth.Bits128:
                    Tanh<Lanes4, Vector128<float>>(first, whole);
                    break;
                default:
                    whole = 0;
                    break;
            }

            Tanh<Lanes1, float>(first + whole, values.Length - whole);
        }
    }

    /// <summary>Replaces each value by e^x; any number of values, on the widest registers of this machine.</summary>
    /// <param name="values">Values.</param>
    public static void Exp(Span<float> values)
    {
        fixed (float* first = values)
        {
            var whole = WholeRegisters(values.Length);
            switch (VectorWidths.Widest)
            {
                case VectorWidth.Bits512:
                    Exp<Lanes16, Vector512<float>>(first, whole);
                    break;
                case VectorWidth.Bits256:
                    Exp<Lanes8, Vector256<float>>(first, whole);
                    break;
                case VectorWidth.Bits128:
                    Exp<Lanes4, Vector128<float>>(first, whole);
                    break;
                default:
                    whole = 0;
                    break;
            }

            Exp<Lanes1, float>(first + whole, values.Length - whole);
        }
    }

    private static int WholeRegisters(int count) => count / (int)VectorWidths.Widest * (int)VectorWidths.Widest;
}
