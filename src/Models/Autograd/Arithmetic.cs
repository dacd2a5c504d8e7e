using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Adds, subtracts, multiplies and scales. The right operand may be broadcast along adjacent axes; its gradient is summed over them.</summary>
internal static class Arithmetic
{
    /// <summary>y = a + b; da = dy, db = dy.</summary>
    public static Tensor Add(Tape? tape, Tensor left, Tensor right) => AddSigned(tape, BinaryFunction.Add, left, right, 1);

    /// <summary>y = a - b; da = dy, db = -dy.</summary>
    public static Tensor Subtract(Tape? tape, Tensor left, Tensor right) => AddSigned(tape, BinaryFunction.Subtract, left, right, -1);

    /// <summary>y = a b; da = dy b, db = dy a.</summary>
    public static Tensor Multiply(Tape? tape, Tensor left, Tensor right)
    {
        var split = Fit(BinaryFunction.Multiply, left, right);
        var device = left.Device;
        var result = device.Create(left.Shape);
        device.Binary(BinaryFunction.Multiply, left, right, split, result);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(left, out var accumulate) is { } leftGradient)
                {
                    if (accumulate)
                        device.MultiplyAdd(gradient, right, split, leftGradient);
                    else
                        device.Binary(BinaryFunction.Multiply, gradient, right, split, leftGradient);
                }

                if (tape.Gradient(right) is { } rightGradient)
                    device.SumProduct(gradient, left, split, rightGradient);
            },
            left,
            right);
        return result;
    }

    /// <summary>y = factor x + offset; dx = factor dy.</summary>
    public static Tensor Scale(Tape? tape, Tensor input, float factor, float offset = 0)
    {
        var device = input.Device;
        var result = device.Create(input.Shape);
        device.ScaleOffset(input, factor, offset, result);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(input, out var accumulate) is { } inputGradient)
                    Pass(gradient, factor, inputGradient, accumulate);
            },
            input);
        return result;
    }

    private static Tensor AddSigned(Tape? tape, BinaryFunction function, Tensor left, Tensor right, float sign)
    {
        var split = Fit(function, left, right);
        var device = left.Device;
        var result = device.Create(left.Shape);
        device.Binary(function, left, right, split, result);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(left, out var accumulate) is { } leftGradient)
                    Pass(gradient, 1, leftGradient, accumulate);
                if (tape.Gradient(right, out accumulate) is { } rightGradient)
                    device.Sum(gradient, split, sign, rightGradient, accumulate);
            },
            left,
            right);
        return result;
    }

    private static void Pass(Tensor gradient, float factor, Tensor target, bool accumulate)
    {
        if (accumulate)
            gradient.Device.AddScaled(gradient, factor, target);
        else
            gradient.Device.ScaleOffset(gradient, factor, 0, target);
    }

    private static AxisSplit Fit(BinaryFunction function, Tensor left, Tensor right) =>
        AxisSplit.TryBroadcast(left.Shape, right.Shape, out var split)
            ? split
            : throw new ArgumentException($"{function}: left {left.Shape} does not fit right {right.Shape}.");
}
