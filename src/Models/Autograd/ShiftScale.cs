using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Shifts and scales each column: y = (x + b) exp(s); dx = dy exp(s), db = column sums of dy exp(s), ds = column sums of dy y.</summary>
internal static class ShiftScale
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">x, <c>[rows, columns]</c>.</param>
    /// <param name="bias">b, <c>[columns]</c>.</param>
    /// <param name="logScale">s, <c>[columns]</c>.</param>
    /// <returns>y, <c>[rows, columns]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor input, Tensor bias, Tensor logScale)
    {
        if (input.Shape.Rank != 2 || bias.Shape != new Shape(input.Shape[1]) || logScale.Shape != bias.Shape)
            throw new ArgumentException($"ShiftScale: bias {bias.Shape} and log-scale {logScale.Shape} do not fit input {input.Shape}.");

        var device = input.Device;
        var (scale, result) = (device.Create(logScale.Shape), device.Create(input.Shape));
        device.Unary(UnaryFunction.Exp, logScale, scale);
        device.ShiftScale(input, bias, scale, result);
        tape?.Record(
            result,
            gradient =>
            {
                // A gradient that nobody asked for is computed and forgotten.
                var inputGradient = tape.Gradient(input, out var accumulate) ?? device.Create(input.Shape);
                var biasGradient = tape.Gradient(bias) ?? device.CreateZeros(bias.Shape);
                var logScaleGradient = tape.Gradient(logScale) ?? device.CreateZeros(bias.Shape);
                device.ShiftScaleBackward(result, scale, gradient, inputGradient, accumulate, biasGradient, logScaleGradient);
            },
            input,
            bias,
            logScale);
        return result;
    }
}
