using System.Runtime.CompilerServices;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Frozen;

/// <summary>Adds how far the latent Gaussian of a row is from the standard normal: KL = sum_j (mean_j² + exp(logVariance_j) - logVariance_j - 1) / 2.</summary>
internal static unsafe class GaussianDivergence
{
    /// <summary>Adds weight * KL to one running error a row.</summary>
    /// <param name="head">Means, then logarithms of variances, feature by feature.</param>
    /// <param name="step">Floats from one feature to the next.</param>
    /// <param name="latent">Number of latent features.</param>
    /// <param name="weight">Weight of the divergence.</param>
    /// <param name="errors">One error a lane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add<TLanes, TVector>(float* head, nint step, int latent, float weight, float* errors)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var (zero, one) = (TLanes.Broadcast(0f), TLanes.Broadcast(1f));
        var sum = zero;
        for (var i = 0; i < latent; i++)
        {
            var mean = TLanes.Load(head + (i * step));
            var logVariance = TLanes.Load(head + ((latent + i) * step));
            var spread = TLanes.Subtract(TLanes.Subtract(ElementMath.Exp<TLanes, TVector>(logVariance), logVariance), one);

            // exp(v) >= v + 1; rounding may say otherwise.
            sum = TLanes.Add(TLanes.MultiplyAdd(mean, mean, sum), TLanes.Max(spread, zero));
        }

        TLanes.Store(TLanes.MultiplyAdd(TLanes.Broadcast(weight / 2), sum, TLanes.Load(errors)), errors);
    }
}
