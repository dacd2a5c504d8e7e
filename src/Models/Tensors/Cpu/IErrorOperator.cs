using System.Numerics;

namespace AEAnomaly.Models.Tensors.Cpu;

/// <summary>Computes the error of a single feature and its derivative by the output; the loops around it are written once.</summary>
internal interface IErrorOperator
{
    /// <summary>Computes e(z, x).</summary>
    static abstract Vector<float> Error(Vector<float> output, Vector<float> target);

    /// <summary>Computes de/dz.</summary>
    static abstract Vector<float> Slope(Vector<float> output, Vector<float> target);
}
