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
    public static Tensor Concat(Tape? tape, Tensor left, Tensor right) => Concat(tape, left, 0, left.Shape.Rank == 2 ? left.Shape[1] : 0, right);

    /// <summary>y = [a[:, start .. start + width], b]: some columns of a, then those of b.</summary>
    public static Tensor Concat(Tape? tape, Tensor left, int start, int width, Tensor right)
    {
        if (left.Shape.Rank != 2 || right.Shape.Rank != 2 || left.Shape[0] != right.Shape[0])
            throw new ArgumentException($"Concat: left {left.Shape} does not fit right {right.Shape}.");
        if (start < 0 || width < 1 || start + width > left.Shape[1])
            throw new ArgumentException($"Concat: columns {start} to {start + width - 1} do not fit left {left.Shape}.");

        var device = left.Device;
        var rightWidth = right.Shape[1];
        var result = device.Create(new Shape(left.Shape[0], width + rightWidth));
        device.CopyColumns(left, start, result, 0, width, accumulate: false);
        device.CopyColumns(right, 0, result, width, rightWidth, accumulate: false);
        tape?.Record(
            result,
            gradient =>
            {
                // Where some columns of a get nothing, what they hold has to be set to zero first.
                var isWritten = true;
                var leftGradient = width == left.Shape[1] ? tape.Gradient(left, out isWritten) : tape.Gradient(left);
                if (leftGradient is not null)
                    device.CopyColumns(gradient, 0, leftGradient, start, width, isWritten);
                if (tape.Gradient(right, out var rightWritten) is { } rightGradient)
                    device.CopyColumns(gradient, width, rightGradient, 0, rightWidth, rightWritten);
            },
            left,
            right);
        return result;
    }

    /// <summary>y = [a, b, c, ...]: the columns of each matrix in turn.</summary>
    public static Tensor Concat(Tape? tape, ReadOnlySpan<Tensor> parts)
    {
        var (rows, width) = (parts[0].Shape[0], 0);
        foreach (var part in parts)
        {
            if (part.Shape.Rank != 2 || part.Shape[0] != rows)
                throw new ArgumentException($"Concat: {part.Shape} does not fit {parts[0].Shape}.");
            width += part.Shape[1];
        }

        var device = parts[0].Device;
        var result = device.Create(new Shape(rows, width));
        var start = 0;
        foreach (var part in parts)
        {
            device.CopyColumns(part, 0, result, start, part.Shape[1], accumulate: false);
            start += part.Shape[1];
        }

        if (tape is null)
            return result;

        var sources = parts.ToArray();
        tape.Record(
            result,
            gradient =>
            {
                var column = 0;
                foreach (var source in sources)
                {
                    if (tape.Gradient(source, out var sourceWritten) is { } sourceGradient)
                        device.CopyColumns(gradient, column, sourceGradient, 0, source.Shape[1], sourceWritten);
                    column += source.Shape[1];
                }
            },
            sources);
        return result;
    }
}
