using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Sums over adjacent axes: y[o, i] = sum_k x[o, k, i]; dx[o, k, i] = dy[o, i].</summary>
internal static class Reduction
{
    /// <summary>Sums over the axes <paramref name="firstAxis"/> to <paramref name="lastAxis"/>, both included, which leave the shape.</summary>
    /// <returns>The remaining axes, or <c>[1]</c> when none remains.</returns>
    public static Tensor Sum(Tape? tape, Tensor input, int firstAxis, int lastAxis) => Apply(tape, input, firstAxis, lastAxis, mean: false);

    /// <summary>Averages over the axes <paramref name="firstAxis"/> to <paramref name="lastAxis"/>, both included, which leave the shape.</summary>
    /// <returns>The remaining axes, or <c>[1]</c> when none remains.</returns>
    public static Tensor Mean(Tape? tape, Tensor input, int firstAxis, int lastAxis) => Apply(tape, input, firstAxis, lastAxis, mean: true);

    private static Tensor Apply(Tape? tape, Tensor input, int firstAxis, int lastAxis, bool mean)
    {
        var rank = input.Shape.Rank;
        if (firstAxis < 0 || lastAxis < firstAxis || lastAxis >= rank)
            throw new ArgumentException($"{(mean ? "Mean" : "Sum")}: axes {firstAxis} to {lastAxis} do not fit input {input.Shape}.");

        var split = AxisSplit.Over(input.Shape, firstAxis, lastAxis);
        var factor = mean ? 1f / split.Axis : 1f;
        int[] extents = [.. input.Shape.ToArray()[..firstAxis], .. input.Shape.ToArray()[(lastAxis + 1)..]];
        var device = input.Device;
        var result = device.Create(extents.Length == 0 ? new Shape(1) : new Shape(extents));
        device.Sum(input, split, factor, result, accumulate: false);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(input) is { } inputGradient)
                    device.AddBroadcast(gradient, factor, split, inputGradient);
            },
            input);
        return result;
    }
}
