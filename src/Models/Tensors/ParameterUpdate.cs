using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors;

/// <summary>Moves parameters along their gradients by AdamW, and holds the moments that this takes; see <see cref="Optimization.AdamW"/> for the formulas.</summary>
internal abstract class ParameterUpdate : IDisposable
{
    /// <summary>Takes one step.</summary>
    /// <param name="gradients">Gradient of each parameter, in the order of the parameters.</param>
    /// <param name="step">Numbers of the step; its decay is that of the parameters that decay, its gradient scale 1.</param>
    /// <param name="clipNorm">Norm of all gradients together above which they are scaled down to it; 0 for no limit.</param>
    public abstract void Take(ReadOnlySpan<Tensor> gradients, in AdamWStep step, double clipNorm);

    /// <summary>Lets go of the moments.</summary>
    public abstract void Dispose();
}
