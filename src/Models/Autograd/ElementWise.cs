using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Applies a function to every element: y = f(x); dx = dy f'(x).</summary>
internal static class ElementWise
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="function">f, see <see cref="UnaryFunction"/> for the formulas.</param>
    /// <param name="input">x, any shape.</param>
    /// <returns>y, same shape.</returns>
    public static Tensor Apply(Tape? tape, UnaryFunction function, Tensor input)
    {
        var device = input.Device;
        var result = device.Create(input.Shape);
        device.Unary(function, input, result);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(input, out var accumulate) is { } inputGradient)
                    device.UnaryBackward(function, input, result, gradient, inputGradient, accumulate);
            },
            input);
        return result;
    }
}
