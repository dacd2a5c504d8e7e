using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Gives the same values another shape: y = x; dx = dy.</summary>
internal static class Reshape
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">x, any shape; the result shares its memory.</param>
    /// <param name="shape">Shape of y, with as many elements.</param>
    public static Tensor Apply(Tape? tape, Tensor input, Shape shape)
    {
        if (shape.Count != input.Count)
            throw new ArgumentException($"Reshape: {input.Shape} does not have as many elements as {shape}.");

        var device = input.Device;
        var result = new Tensor(device, shape, input.Memory);
        tape?.Record(
            result,
            gradient =>
            {
                if (tape.Gradient(input) is { } inputGradient)
                    device.AddScaled(gradient, 1, inputGradient);
            },
            input);
        return result;
    }
}
