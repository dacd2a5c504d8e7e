using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Keeps logarithms within a bound, so that their exponential cannot overflow: y = bound tanh(x / bound).</summary>
internal static class BoundedLog
{
    public static Tensor Apply(Tape? tape, Tensor input, float bound) =>
        Arithmetic.Scale(tape, ElementWise.Apply(tape, UnaryFunction.Tanh, Arithmetic.Scale(tape, input, 1 / bound)), bound);
}
