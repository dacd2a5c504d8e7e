using System.Runtime.CompilerServices;

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
}
