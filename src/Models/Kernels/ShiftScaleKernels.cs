using System.Runtime.CompilerServices;

namespace AEAnomaly.Models.Kernels;

/// <summary>Shifts and scales columns; see <see cref="Autograd.ShiftScale"/> for the formulas. The bits do not depend on the register width.</summary>
internal static unsafe class ShiftScaleKernels
{
    /// <summary>y = (x + b) e.</summary>
    /// <param name="input">x, row-major, a column for each bias.</param>
    /// <param name="bias">b, one a column.</param>
    /// <param name="scale">e, one a column.</param>
    /// <param name="output">Receives y, as long as x.</param>
    /// <param name="width">Registers to work with.</param>
    public static void Forward(ReadOnlySpan<float> input, ReadOnlySpan<float> bias, ReadOnlySpan<float> scale, Span<float> output, VectorWidth width)
    {
        fixed (float* x = input, b = bias, e = scale, y = output)
            ColumnPasses.Run(new Shift(x, b, e, y, input.Length / bias.Length, bias.Length), width);
    }

    /// <summary>dx (+)= dy e; db += sum over rows of dy e; ds += sum over rows of dy y, s = ln e; rows in order.</summary>
    /// <param name="output">y.</param>
    /// <param name="scale">e.</param>
    /// <param name="outputGradient">dy.</param>
    /// <param name="inputGradient">dx.</param>
    /// <param name="accumulate">True to add to what <paramref name="inputGradient"/> holds.</param>
    /// <param name="biasGradient">db, to add to.</param>
    /// <param name="logScaleGradient">ds, to add to.</param>
    /// <param name="width">Registers to work with.</param>
    public static void Backward(
        ReadOnlySpan<float> output,
        ReadOnlySpan<float> scale,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        bool accumulate,
        Span<float> biasGradient,
        Span<float> logScaleGradient,
        VectorWidth width)
    {
        fixed (float* y = output, e = scale, dy = outputGradient, dx = inputGradient, db = biasGradient, ds = logScaleGradient)
            ColumnPasses.Run(new Unshift(y, e, dy, dx, accumulate, db, ds, output.Length / scale.Length, scale.Length), width);
    }

    private readonly struct Shift(float* x, float* bias, float* scale, float* y, int rows, int columns) : IColumnWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<TLanes, TVector>(int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            var end = column + ((columns - column) / TLanes.Count * TLanes.Count);
            for (nint row = 0; row < rows && column < end; row++)
            {
                var place = row * columns;
                for (var j = column; j < end; j += TLanes.Count)
                    TLanes.Store(TLanes.Multiply(TLanes.Add(TLanes.Load(x + place + j), TLanes.Load(bias + j)), TLanes.Load(scale + j)), y + place + j);
            }

            return end;
        }
    }

    private readonly struct Unshift(float* y, float* scale, float* dy, float* dx, bool accumulate, float* db, float* ds, int rows, int columns) : IColumnWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<TLanes, TVector>(int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            var end = column + ((columns - column) / TLanes.Count * TLanes.Count);
            for (nint row = 0; row < rows && column < end; row++)
            {
                var place = row * columns;
                for (var j = column; j < end; j += TLanes.Count)
                {
                    var gradient = TLanes.Load(dy + place + j);
                    var scaled = TLanes.Multiply(gradient, TLanes.Load(scale + j));
                    TLanes.Store(TLanes.Add(TLanes.Load(db + j), scaled), db + j);
                    TLanes.Store(TLanes.MultiplyAdd(gradient, TLanes.Load(y + place + j), TLanes.Load(ds + j)), ds + j);
                    TLanes.Store(accumulate ? TLanes.Add(TLanes.Load(dx + place + j), scaled) : scaled, dx + place + j);
                }
            }

            return end;
        }
    }
}
