using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>The step of a gated recurrent unit; see <see cref="Models.Autograd.GruStep"/> for the formulas.</content>
internal sealed partial class TorchDevice
{
    public override void GruStep(Tensor inputGates, Tensor hiddenGates, Tensor hidden, Tensor activations, Tensor result)
    {
        var units = hidden.Shape[1];
        using var x = Read(inputGates);
        using var u = Read(hiddenGates);
        using var h = Read(hidden);
        using var xrz = x.Value.narrow(1, 0, 2 * units);
        using var urz = u.Value.narrow(1, 0, 2 * units);
        using var xn = x.Value.narrow(1, 2 * units, units);
        using var un = u.Value.narrow(1, 2 * units, units);
        using var rz = xrz.add(urz, One).sigmoid_();
        using var r = rz.narrow(1, 0, units);
        using var z = rz.narrow(1, units, units);
        using var n = torch.addcmul(xn, r, un, One).tanh_();

        // (1 - z) n + z h.
        using var difference = h.Value.sub(n);
        Set(result, torch.addcmul(n, z, difference, One));
        Set(activations, torch.cat([rz, n], 1));
    }

    public override void GruStepBackward(
        Tensor hiddenGates, Tensor hidden, Tensor activations, Tensor gradient, Tensor? inputGatesGradient, Tensor? hiddenGatesGradient, Tensor? hiddenGradient)
    {
        var units = hidden.Shape[1];
        using var u = Read(hiddenGates);
        using var h = Read(hidden);
        using var a = Read(activations);
        using var dy = Read(gradient);
        using var un = u.Value.narrow(1, 2 * units, units);
        using var r = a.Value.narrow(1, 0, units);
        using var z = a.Value.narrow(1, units, units);
        using var n = a.Value.narrow(1, 2 * units, units);
        if (hiddenGradient is not null)
        {
            using var dh = Change(hiddenGradient);
            dh.Value.addcmul_(dy.Value, z, One);
        }

        if (inputGatesGradient is null && hiddenGatesGradient is null)
            return;

        // Gradients of the sums inside of tanh and of the two sigmoids.
        using var closed = z.neg().add_(One, One);
        using var slope = OneMinusSquare(n);
        using var candidate = dy.Value.mul(closed).mul_(slope);
        using var shut = r.neg().add_(One, One);
        using var reset = candidate.mul(un).mul_(r).mul_(shut);
        using var update = h.Value.sub(n).mul_(dy.Value).mul_(z).mul_(closed);
        if (inputGatesGradient is not null)
        {
            using var all = torch.cat([reset, update, candidate], 1);
            using var dx = Change(inputGatesGradient);
            dx.Value.add_(all, One);
        }

        if (hiddenGatesGradient is not null)
        {
            using var behindReset = candidate.mul(r);
            using var all = torch.cat([reset, update, behindReset], 1);
            using var du = Change(hiddenGatesGradient);
            du.Value.add_(all, One);
        }
    }
}
