using System.Numerics;

namespace AEAnomaly.Models.Tensors.Cpu;

/// <summary>Computes an element-wise function of two values; the loops around it are written once.</summary>
internal interface IBinaryOperator
{
    /// <summary>Computes f(a, b).</summary>
    static abstract Vector<float> Invoke(Vector<float> a, Vector<float> b);
}
