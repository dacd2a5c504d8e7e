using System.Runtime.CompilerServices;

namespace AEAnomaly.Models.Kernels;

/// <summary>Computes standardised residuals; see <see cref="Autograd.GaussianResiduals"/> for the formulas. The bits depend neither on the register width nor on the other rows.</summary>
internal static unsafe class ResidualKernels
{
    /// <summary>r = p (x - m) exp(-s), s = B tanh(v / B).</summary>
    /// <param name="decoded">m, then v, then columns that do not matter here, <c>[rows, decodedWidth]</c>.</param>
    /// <param name="decodedWidth">Columns of <paramref name="decoded"/>, at least twice those of the target.</param>
    /// <param name="target">x, <c>[rows, columns]</c>.</param>
    /// <param name="present">p, as long as x, or empty for 1 everywhere.</param>
    /// <param name="bound">B, above 0.</param>
    /// <param name="residuals">Receives r, as long as x.</param>
    /// <param name="logDeviations">Receives s, as long as x.</param>
    /// <param name="precisions">Receives exp(-s), as long as x.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="width">Registers to work with.</param>
    public static void Forward(
        ReadOnlySpan<float> decoded,
        int decodedWidth,
        ReadOnlySpan<float> target,
        ReadOnlySpan<float> present,
        float bound,
        Span<float> residuals,
        Span<float> logDeviations,
        Span<float> precisions,
        int rows,
        VectorWidth width)
    {
        fixed (float* z = decoded, x = target, p = present, r = residuals, s = logDeviations, e = precisions)
            ColumnPasses.Run(new Standardize(z, decodedWidth, x, p, bound, r, s, e, rows, target.Length / rows), width);
    }

    /// <summary>With dc the gradient of the row's cost sum p s: dm (+)= -dr p exp(-s), dv (+)= (p dc - dr r) (1 - (s / B)²).</summary>
    /// <param name="residuals">r.</param>
    /// <param name="logDeviations">s.</param>
    /// <param name="precisions">exp(-s).</param>
    /// <param name="present">p, or empty.</param>
    /// <param name="bound">B.</param>
    /// <param name="residualsGradient">dr, as long as r.</param>
    /// <param name="costsGradient">dc, <c>[rows]</c>.</param>
    /// <param name="decodedGradient">dm, then dv, then columns that are left alone, <c>[rows, decodedWidth]</c>.</param>
    /// <param name="decodedWidth">Columns of <paramref name="decodedGradient"/>.</param>
    /// <param name="accumulate">True to add to what <paramref name="decodedGradient"/> holds.</param>
    /// <param name="width">Registers to work with.</param>
    public static void Backward(
        ReadOnlySpan<float> residuals,
        ReadOnlySpan<float> logDeviations,
        ReadOnlySpan<float> precisions,
        ReadOnlySpan<float> present,
        float bound,
        ReadOnlySpan<float> residualsGradient,
        ReadOnlySpan<float> costsGradient,
        Span<float> decodedGradient,
        int decodedWidth,
        bool accumulate,
        VectorWidth width)
    {
        var rows = costsGradient.Length;
        fixed (float* r = residuals, s = logDeviations, e = precisions, p = present, dr = residualsGradient, dc = costsGradient, dz = decodedGradient)
        {
            var work = new Unstandardize(r, s, e, p, bound, dr, dc, dz, decodedWidth, accumulate, rows, residuals.Length / rows);
            ColumnPasses.Run(work, width);
        }
    }

    private readonly struct Standardize(
        float* decoded, int decodedWidth, float* x, float* present, float bound, float* r, float* logDeviations, float* precisions, int rows, int columns) : IColumnWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<TLanes, TVector>(int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            var (most, inverse, zero) = (TLanes.Broadcast(bound), TLanes.Broadcast(1 / bound), TLanes.Broadcast(0f));
            var end = column + ((columns - column) / TLanes.Count * TLanes.Count);
            for (nint row = 0; row < rows && column < end; row++)
            {
                var mean = decoded + (row * decodedWidth);
                var place = row * columns;
                for (var j = column; j < end; j += TLanes.Count)
                {
                    var logDeviation = TLanes.Multiply(most, ElementMath.Tanh<TLanes, TVector>(TLanes.Multiply(TLanes.Load(mean + columns + j), inverse)));
                    var precision = ElementMath.Exp<TLanes, TVector>(TLanes.Subtract(zero, logDeviation));
                    var residual = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + place + j), TLanes.Load(mean + j)), precision);
                    TLanes.Store(logDeviation, logDeviations + place + j);
                    TLanes.Store(precision, precisions + place + j);
                    TLanes.Store(present == null ? residual : TLanes.Multiply(residual, TLanes.Load(present + place + j)), r + place + j);
                }
            }

            return end;
        }
    }

    private readonly struct Unstandardize(
        float* r, float* logDeviations, float* precisions, float* present, float bound, float* dr, float* costs, float* decoded, int decodedWidth, bool accumulate, int rows, int columns)
        : IColumnWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<TLanes, TVector>(int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            var (zero, one, inverse) = (TLanes.Broadcast(0f), TLanes.Broadcast(1f), TLanes.Broadcast(1 / bound));
            var end = column + ((columns - column) / TLanes.Count * TLanes.Count);
            for (nint row = 0; row < rows && column < end; row++)
            {
                var place = row * columns;
                var means = decoded + (row * decodedWidth);
                var raw = means + columns;
                var cost = TLanes.Broadcast(costs[row]);
                for (var j = column; j < end; j += TLanes.Count)
                {
                    var flag = present == null ? one : TLanes.Load(present + place + j);
                    var against = TLanes.Subtract(zero, TLanes.Load(dr + place + j));
                    var mean = TLanes.Multiply(TLanes.Multiply(against, TLanes.Load(precisions + place + j)), flag);
                    var share = TLanes.Multiply(TLanes.Load(logDeviations + place + j), inverse);
                    var deviation = TLanes.MultiplyAdd(against, TLanes.Load(r + place + j), TLanes.Multiply(cost, flag));
                    deviation = TLanes.Multiply(deviation, TLanes.Subtract(one, TLanes.Multiply(share, share)));
                    TLanes.Store(accumulate ? TLanes.Add(TLanes.Load(means + j), mean) : mean, means + j);
                    TLanes.Store(accumulate ? TLanes.Add(TLanes.Load(raw + j), deviation) : deviation, raw + j);
                }
            }

            return end;
        }
    }
}
