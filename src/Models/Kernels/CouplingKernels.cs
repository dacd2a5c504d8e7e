using System.Runtime.CompilerServices;

namespace AEAnomaly.Models.Kernels;

/// <summary>Computes affine couplings; see <see cref="Autograd.CouplingMap"/> for the formulas. The bits depend neither on the register width nor on the other rows.</summary>
internal static unsafe class CouplingKernels
{
    /// <summary>Changes rows.</summary>
    /// <param name="input">x, <c>[rows, shape.Width]</c>.</param>
    /// <param name="head">Log-scales before they are bounded, then shifts, <c>[rows, 2 shape.Changed]</c>.</param>
    /// <param name="output">Receives y, as long as x.</param>
    /// <param name="logScales">Receives s, <c>[rows, shape.Changed]</c>.</param>
    /// <param name="scales">Receives exp(s), as long.</param>
    /// <param name="shape">Which features change.</param>
    /// <param name="width">Registers to work with.</param>
    public static void Forward(
        ReadOnlySpan<float> input, ReadOnlySpan<float> head, Span<float> output, Span<float> logScales, Span<float> scales, CouplingShape shape, VectorWidth width)
    {
        var rows = input.Length / shape.Width;
        fixed (float* x = input, h = head, y = output, s = logScales, e = scales)
            ColumnPasses.Run(new Couple(x, h, y, s, e, rows, shape), width);

        var end = shape.Start + shape.Changed;
        for (var row = 0; row < input.Length; row += shape.Width)
        {
            input.Slice(row, shape.Start).CopyTo(output[row..]);
            input.Slice(row + end, shape.Width - end).CopyTo(output[(row + end)..]);
        }
    }

    /// <summary>Computes or adds the gradients of <see cref="Forward"/>.</summary>
    /// <param name="input">x.</param>
    /// <param name="logScales">s, as the forward pass left it.</param>
    /// <param name="scales">exp(s), as the forward pass left it.</param>
    /// <param name="outputGradient">dy, <c>[rows, shape.Width]</c>.</param>
    /// <param name="sumsGradient">Gradient of each row's sum of s, <c>[rows]</c>.</param>
    /// <param name="inputGradient">dx, <c>[rows, shape.Width]</c>.</param>
    /// <param name="addsInput">True to add to what <paramref name="inputGradient"/> holds.</param>
    /// <param name="headGradient">Gradient of the head, <c>[rows, 2 shape.Changed]</c>.</param>
    /// <param name="addsHead">True to add to what <paramref name="headGradient"/> holds.</param>
    /// <param name="shape">Which features change.</param>
    /// <param name="width">Registers to work with.</param>
    public static void Backward(
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> logScales,
        ReadOnlySpan<float> scales,
        ReadOnlySpan<float> outputGradient,
        ReadOnlySpan<float> sumsGradient,
        Span<float> inputGradient,
        bool addsInput,
        Span<float> headGradient,
        bool addsHead,
        CouplingShape shape,
        VectorWidth width)
    {
        fixed (float* x = input, s = logScales, e = scales, dy = outputGradient, ds = sumsGradient, dx = inputGradient, dh = headGradient)
        {
            var work = new Uncouple(x, s, e, dy, ds, dx, dh, addsInput, addsHead, sumsGradient.Length, shape);
            ColumnPasses.Run(work, width);
        }

        var end = shape.Start + shape.Changed;
        for (var row = 0; row < input.Length; row += shape.Width)
        {
            Pass(outputGradient.Slice(row, shape.Start), inputGradient.Slice(row, shape.Start), addsInput);
            Pass(outputGradient.Slice(row + end, shape.Width - end), inputGradient.Slice(row + end, shape.Width - end), addsInput);
        }
    }

    private static void Pass(ReadOnlySpan<float> gradient, Span<float> target, bool accumulate)
    {
        if (!accumulate)
        {
            gradient.CopyTo(target);
            return;
        }

        for (var i = 0; i < gradient.Length; i++)
            target[i] += gradient[i];
    }

    private readonly struct Couple(float* x, float* head, float* y, float* logScales, float* scales, int rows, CouplingShape shape) : IColumnWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<TLanes, TVector>(int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            var (bound, inverse) = (TLanes.Broadcast(shape.Bound), TLanes.Broadcast(1 / shape.Bound));
            var end = column + ((shape.Changed - column) / TLanes.Count * TLanes.Count);
            for (nint row = 0; row < rows && column < end; row++)
            {
                var raw = head + (row * 2 * shape.Changed);
                var place = (row * shape.Width) + shape.Start;
                var kept = row * shape.Changed;
                for (var j = column; j < end; j += TLanes.Count)
                {
                    var logScale = TLanes.Multiply(bound, ElementMath.Tanh<TLanes, TVector>(TLanes.Multiply(TLanes.Load(raw + j), inverse)));
                    var scale = ElementMath.Exp<TLanes, TVector>(logScale);
                    TLanes.Store(logScale, logScales + kept + j);
                    TLanes.Store(scale, scales + kept + j);
                    TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(x + place + j), scale, TLanes.Load(raw + shape.Changed + j)), y + place + j);
                }
            }

            return end;
        }
    }

    private readonly struct Uncouple(
        float* x, float* logScales, float* scales, float* dy, float* sums, float* dx, float* dh, bool addsInput, bool addsHead, int rows, CouplingShape shape)
        : IColumnWork
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<TLanes, TVector>(int column)
            where TLanes : struct, ILanes<TVector>
            where TVector : struct
        {
            var (one, inverse) = (TLanes.Broadcast(1f), TLanes.Broadcast(1 / shape.Bound));
            var end = column + ((shape.Changed - column) / TLanes.Count * TLanes.Count);
            for (nint row = 0; row < rows && column < end; row++)
            {
                var place = (row * shape.Width) + shape.Start;
                var kept = row * shape.Changed;
                var raw = dh + (2 * kept);
                var sum = TLanes.Broadcast(sums[row]);
                for (var j = column; j < end; j += TLanes.Count)
                {
                    // ds = dy x exp(s) + dsum, and the slope of the bound is 1 - (s / B)².
                    var gradient = TLanes.Load(dy + place + j);
                    var scaled = TLanes.Multiply(gradient, TLanes.Load(scales + kept + j));
                    var share = TLanes.Multiply(TLanes.Load(logScales + kept + j), inverse);
                    var slope = TLanes.Subtract(one, TLanes.Multiply(share, share));
                    var inner = TLanes.Multiply(TLanes.MultiplyAdd(scaled, TLanes.Load(x + place + j), sum), slope);
                    TLanes.Store(addsInput ? TLanes.Add(TLanes.Load(dx + place + j), scaled) : scaled, dx + place + j);
                    TLanes.Store(addsHead ? TLanes.Add(TLanes.Load(raw + j), inner) : inner, raw + j);
                    TLanes.Store(addsHead ? TLanes.Add(TLanes.Load(raw + shape.Changed + j), gradient) : gradient, raw + shape.Changed + j);
                }
            }

            return end;
        }
    }
}
