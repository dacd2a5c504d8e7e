using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Scales and shifts some features of each row: y = x exp(s) + t where they change, y = x elsewhere; l = sum s, with s = B tanh(v / B).</summary>
/// <remarks>dt = dy, ds = dy x exp(s) + dl, dv = ds (1 - (s / B)²); dx = dy exp(s) where features change, dx = dy elsewhere.</remarks>
internal static class CouplingMap
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">x, <c>[rows, shape.Width]</c>.</param>
    /// <param name="head">v, then t, <c>[rows, 2 shape.Changed]</c>.</param>
    /// <param name="shape">Which features change.</param>
    /// <returns>y, <c>[rows, shape.Width]</c>, and l = log|det dy/dx|, <c>[rows]</c>.</returns>
    public static (Tensor Output, Tensor LogDeterminant) Apply(Tape? tape, Tensor input, Tensor head, CouplingShape shape)
    {
        if (input.Shape.Rank != 2 || input.Shape[1] != shape.Width || shape.Start < 0 || shape.Changed < 1 || shape.Start + shape.Changed > shape.Width)
            throw new ArgumentException($"CouplingMap: input {input.Shape} does not fit {shape}.");
        if (head.Shape != new Shape(input.Shape[0], 2 * shape.Changed))
            throw new ArgumentException($"CouplingMap: head {head.Shape} does not fit {input.Shape[0]} rows of {shape}.");

        var device = input.Device;
        var kept = new Shape(input.Shape[0], shape.Changed);
        var (logScales, scales) = (device.Create(kept), device.Create(kept));
        var (output, sums) = (device.Create(input.Shape), device.Create(new Shape(input.Shape[0])));
        device.Couple(input, head, shape, output, logScales, scales, sums);
        tape?.Record(
            output,
            sums,
            (outputGradient, sumsGradient) =>
            {
                // A gradient that nobody asked for is computed and forgotten.
                var inputGradient = tape.Gradient(input, out var addsInput) ?? device.Create(input.Shape);
                var headGradient = tape.Gradient(head, out var addsHead) ?? device.Create(head.Shape);
                device.CoupleBackward(input, logScales, scales, shape, outputGradient, sumsGradient, inputGradient, addsInput, headGradient, addsHead);
            },
            input,
            head);
        return (output, sums);
    }
}
