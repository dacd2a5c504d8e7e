using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Applies the activations that are too long to ride along in a tile.</summary>
internal static unsafe class LayerActivation<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Slope of <see cref="Activation.LeakyRelu"/> below 0.</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>Applies an activation that the tile has not applied; does nothing for the others.</summary>
    /// <param name="activation">The layer's activation.</param>
    /// <param name="values">First value.</param>
    /// <param name="count">Number of values, a multiple of the register width.</param>
    public static void Apply(Activation activation, float* values, int count)
    {
        if (activation == Activation.Tanh)
            ElementKernels.Tanh<TLanes, TVector>(values, count);
        else if (activation == Activation.Sigmoid)
            ElementKernels.Sigmoid<TLanes, TVector>(values, count);
    }
}
