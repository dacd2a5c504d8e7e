using AEAnomaly.Models.Kernels;
using TorchSharp;
using Tensor = AEAnomaly.Models.Tensors.Tensor;

namespace AEAnomaly.Torch;

/// <content>What a step of the optimiser needs.</content>
internal sealed partial class TorchDevice
{
    public override double SumOfSquares(Tensor source)
    {
        using var x = Read(source);
        using var wide = x.Value.to(torch.ScalarType.Float64);
        wide.mul_(wide);
        using var sum = wide.sum();
        return sum.item<double>();
    }

    public override void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep step)
    {
        using var w = Change(parameter);
        using var g = Read(gradient);
        using var m = Change(firstMoment);
        using var v = Change(secondMoment);
        using var beta1 = step.Beta1.ToScalar();
        using var rest1 = ((1 - step.Beta1) * step.GradientScale).ToScalar();
        using var beta2 = step.Beta2.ToScalar();
        using var rest2 = ((1 - step.Beta2) * step.GradientScale * step.GradientScale).ToScalar();

        // The correction of the second moment is taken out of the root: one pass less over all parameters.
        var correction = MathF.Sqrt(step.Correction2);
        using var epsilon = (step.Epsilon * correction).ToScalar();
        using var rate = (-step.LearningRate * correction / step.Correction1).ToScalar();
        m.Value.mul_(beta1).add_(g.Value, rest1);
        v.Value.mul_(beta2).addcmul_(g.Value, g.Value, rest2);
        using var deviation = v.Value.sqrt();
        deviation.add_(epsilon, One);
        if (step.Decay != 0)
        {
            using var shrink = (1 - (step.LearningRate * step.Decay)).ToScalar();
            w.Value.mul_(shrink);
        }

        w.Value.addcdiv_(m.Value, deviation, rate);
    }
}
