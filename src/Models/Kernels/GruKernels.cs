using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AEAnomaly.Models.Kernels;

/// <summary>Computes the gates of a gated recurrent unit; the bits depend neither on the register width nor on the other rows.</summary>
internal static unsafe class GruKernels
{
    /// <summary>h' = (1 - z) n + z h with r = sigmoid(xr + hr), z = sigmoid(xz + hz), n = tanh(xn + r hn).</summary>
    /// <param name="inputGates">xr, xz, xn: row-major <c>[rows, 3 units]</c>.</param>
    /// <param name="hiddenGates">hr, hz, hn: same shape.</param>
    /// <param name="hidden">h, <c>[rows, units]</c>.</param>
    /// <param name="activations">Receives r, z, n, <c>[rows, 3 units]</c>; may be one of the gates.</param>
    /// <param name="result">Receives h', <c>[rows, units]</c>; may be <paramref name="hidden"/>.</param>
    /// <param name="units">Width of the state.</param>
    public static void Step(
        ReadOnlySpan<float> inputGates, ReadOnlySpan<float> hiddenGates, ReadOnlySpan<float> hidden, Span<float> activations, Span<float> result, int units) =>
        Step(inputGates, hiddenGates, hidden, activations, result, units, VectorWidths.Widest);

    /// <summary>As above, on vector registers of the caller's choice.</summary>
    public static void Step(
        ReadOnlySpan<float> inputGates,
        ReadOnlySpan<float> hiddenGates,
        ReadOnlySpan<float> hidden,
        Span<float> activations,
        Span<float> result,
        int units,
        VectorWidth width)
    {
        fixed (float* x = inputGates, u = hiddenGates, h = hidden, a = activations, y = result)
        {
            for (var row = 0; row < result.Length / units; row++)
            {
                var gates = (nint)row * 3 * units;
                var state = (nint)row * units;
                var done = width switch
                {
                    VectorWidth.Bits512 => Run<Lanes16, Vector512<float>>(x + gates, u + gates, h + state, a + gates, y + state, units, 0),
                    VectorWidth.Bits256 => Run<Lanes8, Vector256<float>>(x + gates, u + gates, h + state, a + gates, y + state, units, 0),
                    VectorWidth.Bits128 => Run<Lanes4, Vector128<float>>(x + gates, u + gates, h + state, a + gates, y + state, units, 0),
                    _ => 0,
                };
                Run<Lanes1, float>(x + gates, u + gates, h + state, a + gates, y + state, units, done);
            }
        }
    }

    /// <summary>Adds the gradients of <see cref="Step(ReadOnlySpan{float}, ReadOnlySpan{float}, ReadOnlySpan{float}, Span{float}, Span{float}, int)"/>; an empty span is not wanted.</summary>
    /// <param name="hiddenGates">As given to the step.</param>
    /// <param name="hidden">As given to the step.</param>
    /// <param name="activations">r, z, n as the step left them.</param>
    /// <param name="gradient">Gradient of h', <c>[rows, units]</c>.</param>
    /// <param name="inputGatesGradient"><c>[rows, 3 units]</c>.</param>
    /// <param name="hiddenGatesGradient"><c>[rows, 3 units]</c>.</param>
    /// <param name="hiddenGradient"><c>[rows, units]</c>.</param>
    /// <param name="units">Width of the state.</param>
    public static void AddGradients(
        ReadOnlySpan<float> hiddenGates,
        ReadOnlySpan<float> hidden,
        ReadOnlySpan<float> activations,
        ReadOnlySpan<float> gradient,
        Span<float> inputGatesGradient,
        Span<float> hiddenGatesGradient,
        Span<float> hiddenGradient,
        int units)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            var (row, unit) = Math.DivRem(i, units);
            var reset = (row * 3 * units) + unit;
            var update = reset + units;
            var candidate = update + units;
            var (r, z, n) = (activations[reset], activations[update], activations[candidate]);
            var beforeTanh = gradient[i] * (1 - z) * (1 - (n * n));
            var beforeReset = beforeTanh * hiddenGates[candidate] * r * (1 - r);
            var beforeUpdate = gradient[i] * (hidden[i] - n) * z * (1 - z);
            if (!hiddenGradient.IsEmpty)
                hiddenGradient[i] += gradient[i] * z;
            if (!inputGatesGradient.IsEmpty)
            {
                inputGatesGradient[reset] += beforeReset;
                inputGatesGradient[update] += beforeUpdate;
                inputGatesGradient[candidate] += beforeTanh;
            }

            if (!hiddenGatesGradient.IsEmpty)
            {
                hiddenGatesGradient[reset] += beforeReset;
                hiddenGatesGradient[update] += beforeUpdate;
                hiddenGatesGradient[candidate] += beforeTanh * r;
            }
        }
    }

    /// <returns>The units done: the whole registers.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Run<TLanes, TVector>(float* x, float* u, float* h, float* a, float* y, int units, int first)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        var unit = first;
        for (; unit + TLanes.Count <= units; unit += TLanes.Count)
        {
            var update = unit + units;
            var candidate = update + units;
            var r = ElementMath.Sigmoid<TLanes, TVector>(TLanes.Add(TLanes.Load(x + unit), TLanes.Load(u + unit)));
            var z = ElementMath.Sigmoid<TLanes, TVector>(TLanes.Add(TLanes.Load(x + update), TLanes.Load(u + update)));
            var n = ElementMath.Tanh<TLanes, TVector>(TLanes.MultiplyAdd(r, TLanes.Load(u + candidate), TLanes.Load(x + candidate)));
            TLanes.Store(r, a + unit);
            TLanes.Store(z, a + update);
            TLanes.Store(n, a + candidate);

            // n + z (h - n) is the same mean with one rounding less.
            TLanes.Store(TLanes.MultiplyAdd(z, TLanes.Subtract(TLanes.Load(h + unit), n), n), y + unit);
        }

        return unit;
    }
}
