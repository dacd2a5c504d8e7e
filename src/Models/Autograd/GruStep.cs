using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Advances the state of a gated recurrent unit (Cho et al., 2014; the reset gate acts after the product, as in cuDNN).</summary>
/// <remarks>
/// r = sigmoid(xr + hr), z = sigmoid(xz + hz), n = tanh(xn + r hn), h' = (1 - z) n + z h. With e = dh' (1 - z) (1 - n²):
/// dxn = e, dhn = e r, dxr = dhr = e hn r (1 - r), dxz = dhz = dh' (h - n) z (1 - z), dh = dh' z.
/// </remarks>
internal static class GruStep
{
    /// <param name="tape">Tape, or null.</param>
    /// <param name="inputGates">xr, xz, xn: what the input adds, <c>[rows, 3 units]</c>.</param>
    /// <param name="hiddenGates">hr, hz, hn: what the state adds, same shape.</param>
    /// <param name="hidden">h, <c>[rows, units]</c>.</param>
    /// <returns>h', <c>[rows, units]</c>.</returns>
    public static Tensor Apply(Tape? tape, Tensor inputGates, Tensor hiddenGates, Tensor hidden)
    {
        if (hidden.Shape.Rank != 2 || inputGates.Shape != hiddenGates.Shape || inputGates.Shape != new Shape(hidden.Shape[0], 3 * hidden.Shape[1]))
            throw new ArgumentException($"GruStep: gates {inputGates.Shape} and {hiddenGates.Shape} do not fit state {hidden.Shape}.");

        var device = hidden.Device;
        var activations = device.Create(inputGates.Shape);
        var result = device.Create(hidden.Shape);
        device.GruStep(inputGates, hiddenGates, hidden, activations, result);
        tape?.Record(
            result,
            gradient => device.GruStepBackward(
                hiddenGates, hidden, activations, gradient, tape.Gradient(inputGates), tape.Gradient(hiddenGates), tape.Gradient(hidden)),
            inputGates,
            hiddenGates,
            hidden);
        return result;
    }
}
