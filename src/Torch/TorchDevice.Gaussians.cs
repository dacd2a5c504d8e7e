using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Tensors;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>Affine couplings and Gaussian residuals, whose log-scales are bounded: s = B tanh(v / B).</content>
internal sealed partial class TorchDevice
{
    private static readonly float HalfLogTwoPi = (float)(0.5 * Math.Log(2 * Math.PI));

    public override void Couple(Tensor input, Tensor head, CouplingShape shape, Tensor output, Tensor logScales, Tensor scales, Tensor sums)
    {
        using var x = Read(input);
        using var raw = Read(head);
        using var v = raw.Value.narrow(1, 0, shape.Changed);
        using var shift = raw.Value.narrow(1, shape.Changed, shape.Changed);
        var s = Bounded(v, shape.Bound);
        var e = s.exp();
        var y = x.Value.clone();
        using var from = x.Value.narrow(1, shape.Start, shape.Changed);
        using var to = y.narrow(1, shape.Start, shape.Changed);
        using var changed = torch.addcmul(shift, from, e, One);
        to.copy_(changed);
        Set(output, y);
        Set(sums, s.sum(1L));
        Set(logScales, s);
        Set(scales, e);
    }

    public override void CoupleBackward(
        Tensor input,
        Tensor logScales,
        Tensor scales,
        CouplingShape shape,
        Tensor outputGradient,
        Tensor sumsGradient,
        Tensor inputGradient,
        bool addsInput,
        Tensor headGradient,
        bool addsHead)
    {
        using var x = Read(input);
        using var s = Read(logScales);
        using var e = Read(scales);
        using var dy = Read(outputGradient);
        using var dsum = Read(sumsGradient, new Shape(sumsGradient.Count, 1));
        using var from = x.Value.narrow(1, shape.Start, shape.Changed);
        using var gradient = dy.Value.narrow(1, shape.Start, shape.Changed);
        using var scaled = gradient.mul(e.Value);

        // ds = dy x exp(s) + dsum.
        using var slope = BoundedSlope(s.Value, shape.Bound);
        using var inner = torch.addcmul(dsum.Value, scaled, from, One).mul_(slope);
        AddOrSet(headGradient, torch.cat([inner, gradient], 1), addsHead);

        var dx = dy.Value.clone();
        using var place = dx.narrow(1, shape.Start, shape.Changed);
        place.copy_(scaled);
        AddOrSet(inputGradient, dx, addsInput);
    }

    public override void GaussianResiduals(
        Tensor decoded, Tensor target, Tensor? present, float bound, Tensor residuals, Tensor logDeviations, Tensor precisions, Tensor costs)
    {
        var columns = target.Shape[1];
        using var z = Read(decoded);
        using var x = Read(target);
        using var mean = z.Value.narrow(1, 0, columns);
        using var v = z.Value.narrow(1, columns, columns);
        var s = Bounded(v, bound);
        using var negative = s.neg();
        var e = negative.exp();
        using var difference = x.Value.sub(mean);
        using var constant = HalfLogTwoPi.ToScalar();
        using var cost = s.add(constant, One);
        if (present is null)
        {
            Set(residuals, difference.mul(e));
            Set(costs, cost.sum(1L));
        }
        else
        {
            using var p = Read(present);
            using var all = difference.mul(e);
            Set(residuals, all.mul(p.Value));
            using var shown = cost.mul(p.Value);
            Set(costs, shown.sum(1L));
        }

        Set(logDeviations, s);
        Set(precisions, e);
    }

    public override void GaussianResidualsBackward(
        Tensor residuals,
        Tensor logDeviations,
        Tensor precisions,
        Tensor? present,
        float bound,
        Tensor residualsGradient,
        Tensor costsGradient,
        Tensor decodedGradient,
        bool accumulate)
    {
        var columns = residuals.Shape[1];
        using var r = Read(residuals);
        using var s = Read(logDeviations);
        using var e = Read(precisions);
        using var dr = Read(residualsGradient);
        using var dc = Read(costsGradient, new Shape(costsGradient.Count, 1));
        using var against = dr.Value.neg();
        using var mean = against.mul(e.Value);
        using var deviation = against.mul(r.Value);
        if (present is null)
        {
            deviation.add_(dc.Value, One);
        }
        else
        {
            using var p = Read(present);
            mean.mul_(p.Value);
            deviation.addcmul_(p.Value, dc.Value, One);
        }

        using var slope = BoundedSlope(s.Value, bound);
        deviation.mul_(slope);
        using var dz = Change(decodedGradient);
        using var means = dz.Value.narrow(1, 0, columns);
        using var raw = dz.Value.narrow(1, columns, columns);
        if (accumulate)
        {
            means.add_(mean, One);
            raw.add_(deviation, One);
        }
        else
        {
            means.copy_(mean);
            raw.copy_(deviation);
        }
    }

    private static torch.Tensor Bounded(torch.Tensor value, float bound)
    {
        using var inverse = (1 / bound).ToScalar();
        using var most = bound.ToScalar();
        using var scaled = value.mul(inverse);
        using var share = scaled.tanh();
        return share.mul(most);
    }

    private static torch.Tensor BoundedSlope(torch.Tensor bounded, float bound)
    {
        using var inverse = (1 / bound).ToScalar();
        using var share = bounded.mul(inverse);
        return OneMinusSquare(share);
    }
}
