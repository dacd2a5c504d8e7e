using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Fitting;

/// <summary>Leaves the worst rows of each batch out, and keeps the mean loss of the others until it is asked for.</summary>
internal abstract class LossTrace : IDisposable
{
    /// <summary>Creates the trace that suits a device.</summary>
    public static LossTrace Create(Device device) => device.Plan.ReadsEveryLoss ? new ReadLossTrace(device) : new KeptLossTrace(device);

    /// <summary>Finds the factor of each row's loss in the batch's.</summary>
    /// <param name="losses">Loss of each row, <c>[rows]</c>.</param>
    /// <param name="trimShare">Share of the worst rows to leave out.</param>
    /// <param name="factors">Receives the factors, <c>[rows]</c>.</param>
    /// <returns>False when the mean is known not to be finite: there is no step to take along its gradient.</returns>
    public abstract bool Add(Tensor losses, double trimShare, Tensor factors);

    /// <summary>Reads the means that came since the last time, in order.</summary>
    public abstract double[] Read();

    /// <summary>Lets go of what is kept on the device.</summary>
    public abstract void Dispose();
}
