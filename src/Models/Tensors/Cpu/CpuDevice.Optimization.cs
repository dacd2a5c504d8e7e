using System.Numerics;
using System.Runtime.InteropServices;

namespace AEAnomaly.Models.Tensors.Cpu;

internal sealed partial class CpuDevice
{
    public override void AdamW(Tensor parameter, Tensor gradient, Tensor firstMoment, Tensor secondMoment, in AdamWStep step)
    {
        var p = Span(parameter);
        var g = Span(gradient);
        var m = Span(firstMoment);
        var v = Span(secondMoment);
        var weights = MemoryMarshal.Cast<float, Vector<float>>(p);
        var gradients = MemoryMarshal.Cast<float, Vector<float>>(g);
        var means = MemoryMarshal.Cast<float, Vector<float>>(m);
        var squares = MemoryMarshal.Cast<float, Vector<float>>(v);
        for (var i = 0; i < weights.Length; i++)
            Update(ref weights[i], gradients[i], ref means[i], ref squares[i], step);

        var done = weights.Length * Vector<float>.Count;
        if (done == p.Length)
            return;

        var lastWeights = Load(p[done..]);
        var lastMeans = Load(m[done..]);
        var lastSquares = Load(v[done..]);
        Update(ref lastWeights, Load(g[done..]), ref lastMeans, ref lastSquares, step);
        Store(lastWeights, p[done..]);
        Store(lastMeans, m[done..]);
        Store(lastSquares, v[done..]);
    }

    private static void Update(
        ref Vector<float> weight, Vector<float> gradient, ref Vector<float> mean, ref Vector<float> square, in AdamWStep step)
    {
        gradient *= step.GradientScale;
        mean = WithoutTraces((mean * step.Beta1) + (gradient * (1 - step.Beta1)));
        square = WithoutTraces((square * step.Beta2) + (gradient * gradient * (1 - step.Beta2)));
        var denominator = Vector.SquareRoot(square * (1 / step.Correction2)) + new Vector<float>(step.Epsilon);
        weight = (weight * (1 - (step.LearningRate * step.Decay))) - (mean * (step.LearningRate / step.Correction1) / denominator);
    }

    // The moments of a weight without gradient (a unit that fell silent) decay into subnormal numbers and stay there; many processors are slow at those.
    private static Vector<float> WithoutTraces(Vector<float> values) =>
        Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(values), new Vector<float>(1e-30f)), Vector<float>.Zero, values);
}
