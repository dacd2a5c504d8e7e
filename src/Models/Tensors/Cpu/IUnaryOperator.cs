using System.Numerics;

namespace AEAnomaly.Models.Tensors.Cpu;

/// <summary>Computes an element-wise function and its derivative; the loop around it is written once.</summary>
internal interface IUnaryOperator
{
    /// <summary>Computes f(x).</summary>
    static abstract Vector<float> Value(Vector<float> x);

    /// <summary>Computes f'(x), given y = f(x).</summary>
    static abstract Vector<float> Slope(Vector<float> x, Vector<float> y);
}
