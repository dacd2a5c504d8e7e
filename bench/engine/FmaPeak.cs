using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Bench.Engine;

/// <summary>Does nothing but fused multiply-adds, as many a cycle as the core can: what every other figure is a fraction of.</summary>
internal static class FmaPeak
{
    // Twelve independent chains cover the latency of two multiply-add units.
    private const int Chains = 12;

    /// <summary>Runs multiply-adds on registers of one width.</summary>
    /// <returns>The number of floating-point operations done.</returns>
    public static double Run(VectorWidth width, long iterations)
    {
        var checksum = width switch
        {
            VectorWidth.Bits512 => Vector512.Sum(Loop<Lanes16, Vector512<float>>(iterations)),
            VectorWidth.Bits256 => Vector256.Sum(Loop<Lanes8, Vector256<float>>(iterations)),
            VectorWidth.Bits128 => Vector128.Sum(Loop<Lanes4, Vector128<float>>(iterations)),
            _ => Loop<Lanes1, float>(iterations),
        };
        return float.IsFinite(checksum) ? 2.0 * (int)width * Chains * iterations : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static TVector Loop<TLanes, TVector>(long iterations)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var (factor, addend) = (TLanes.Broadcast(0.999f), TLanes.Broadcast(1e-7f));
        var start = TLanes.Broadcast(0.1f);
        var (a, b, c, d, e, f) = (start, start, start, start, start, start);
        var (g, h, i, j, k, l) = (start, start, start, start, start, start);
        for (var n = 0L; n < iterations; n++)
        {
            a = TLanes.MultiplyAdd(a, factor, addend);
            b = TLanes.MultiplyAdd(b, factor, addend);
            c = TLanes.MultiplyAdd(c, factor, addend);
            d = TLanes.MultiplyAdd(d, factor, addend);
            e = TLanes.MultiplyAdd(e, factor, addend);
            f = TLanes.MultiplyAdd(f, factor, addend);
            g = TLanes.MultiplyAdd(g, factor, addend);
            h = TLanes.MultiplyAdd(h, factor, addend);
            i = TLanes.MultiplyAdd(i, factor, addend);
            j = TLanes.MultiplyAdd(j, factor, addend);
            k = TLanes.MultiplyAdd(k, factor, addend);
            l = TLanes.MultiplyAdd(l, factor, addend);
        }

        var low = TLanes.Add(TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d)), TLanes.Add(e, f));
        var high = TLanes.Add(TLanes.Add(TLanes.Add(g, h), TLanes.Add(i, j)), TLanes.Add(k, l));
        return TLanes.Add(low, high);
    }
}
