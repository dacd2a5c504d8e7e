using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Takes and joins columns of matrices; the gradient goes to the columns a value came from.</summary>
internal static class Columns
{
    /// <summary>y = x[:, start .. start + width].</summary>
    public static Tensor Slice(Tape? tape, Tensor input, int start, int width)
    {
        if (input.Shape.Rank != 2 || start < 0 || width < 1 || start + width > input.Shape[1])
            throw new ArgumentException($"Slice: columns {start} to {start + width - 1} do not fit input {input.Shape}.");

        var device = input.Device;
        var result = device.Create(new Shape(input.Shape[0], width));
        device.CopyColumns(input, start, result, 0, width, accumulate: false);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(input) is { } inputGradient)
                    device.CopyColumns(gradient, 0, inputGradient, start, width, accumulate: true);
            },
            input);
        return result;
    }

    /// <summary>y = [a, b]: the columns of a, then those of b.</summary>
    public static Tensor Concat(Tape? tape, Tensor left, Tensor right)
    {
        if (left.Shape.Rank != 2 || right.Shape.Rank != 2 || left.Shape[0] != right.Shape[0])
            throw new ArgumentException($"Concat: left {left.Shape} does not fit right {right.Shape}.");

        var device = left.Device;
        var (leftWidth, rightWidth) = (left.Shape[1], right.Shape[1]);
        var result = device.Create(new Shape(left.Shape[0], leftWidth + rightWidth));
        device.CopyColumns(left, 0, result, 0, leftWidth, accumulate: false);
        device.CopyColumns(right, 0, result, leftWidth, rightWidth, accumulate: false);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(left) is { } leftGradient)
                    device.CopyColumns(gradient, 0, leftGradient, 0, leftWidth, accumulate: true);
                if (tape.Gradient(right) is { } rightGradient)
                    device.CopyColumns(gradient, leftWidth, rightGradient, 0, rightWidth, accumulate: true);
            },
            left,
            right);
        return result;
    }
}
