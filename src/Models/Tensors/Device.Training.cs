using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors;

/// <content>What training asks of a device beside kernels. Everything here works on any device; an accelerator overrides what would make it wait for the host, or the host for it.</content>
internal abstract partial class Device
{
    /// <summary>Gets in which pieces the device takes the work of training.</summary>
    /// <value>By default as an accelerator does.</value>
    public virtual WorkPlan Plan => WorkPlan.Accelerator;

    /// <summary>Copies rows that lie anywhere in a matrix into the rows of another one.</summary>
    /// <param name="source">Matrix on the device, from <see cref="Allocate"/>.</param>
    /// <param name="rows">Row of the source that each row of the target begins with.</param>
    /// <param name="target">Matrix of as many rows, each as wide as one row of the source, or as several that follow each other there.</param>
    public virtual void GatherRows(Tensor source, ReadOnlySpan<int> rows, Tensor target)
    {
        var (width, room) = (source.Shape[1], target.Shape[1]);
        var (from, to) = (source.Flat(), target.Flat());
        for (var i = 0; i < rows.Length; i++)
            CopyColumns(from, rows[i] * width, to, i * room, room, accumulate: false);
    }

    /// <summary>Averages losses without the largest; see <see cref="Kernels.TrimmedMean"/>. Which of equal losses are left out is up to the device.</summary>
    /// <param name="losses">Loss of each row, <c>[rows]</c>.</param>
    /// <param name="trimShare">Share of rows to leave out, 0 to 0.5; see <see cref="TrimmedMean.Trimmed"/>.</param>
    /// <param name="factors">Receives 1 / kept, or 0 for the rows that are left out, <c>[rows]</c>.</param>
    /// <param name="mean">Receives the mean, <c>[1]</c>; not finite when a loss that is kept is not.</param>
    public virtual void TrimLosses(Tensor losses, double trimShare, Tensor factors, Tensor mean)
    {
        var weights = new float[losses.Count];
        Upload([(float)TrimmedMean.Factors(losses.ToArray(), trimShare, weights)], mean);
        Upload(weights, factors);
    }

    /// <summary>Prepares parameters to be moved along their gradients; a device that gains by it lays them, their gradients and moments out side by side.</summary>
    /// <param name="parameters">Parameters; some may belong to other updates at the same time.</param>
    public virtual ParameterUpdate CreateUpdate(IReadOnlyList<LearnedTensor> parameters) => new SeparateUpdate(this, parameters);
}
