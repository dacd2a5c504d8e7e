using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Optimization;

/// <summary>Updates parameters by Adam with bias correction and decoupled weight decay (Kingma and Ba, 2015; Loshchilov and Hutter, 2019).</summary>
/// <remarks>
/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g²; w = w (1 - rate * decay) - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon).
/// Only matrices decay.
/// </remarks>
internal sealed class AdamW
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;
    private readonly Device _device;
    private readonly Slot[] _slots;
    private readonly double _weightDecay;
    private int _steps;

    /// <summary>Creates the optimiser with zero moments.</summary>
    /// <param name="device">Device of the parameters.</param>
    /// <param name="parameters">Parameters to update; constants are left alone.</param>
    /// <param name="weightDecay">Decoupled decay of the matrices, at least 0.</param>
    public AdamW(Device device, IEnumerable<Parameter> parameters, double weightDecay)
    {
        _device = device;
        _weightDecay = weightDecay;
        _slots =
        [
            .. parameters.Where(parameter => parameter.Role != ParameterRole.Constant)
                .Select(parameter => new Slot(parameter, device.Allocate(parameter.Value.Shape), device.Allocate(parameter.Value.Shape))),
        ];
    }

    /// <summary>Asks a tape for the gradients of the parameters.</summary>
    public void Watch(Tape tape)
    {
        foreach (var slot in _slots)
            tape.Watch(slot.Parameter.Value);
    }

    /// <summary>Takes one step along the gradients a tape collected.</summary>
    /// <param name="tape">Tape after its backward pass; a parameter without gradient counts as zero gradient.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="clipNorm">Norm of all gradients together above which they are scaled down to it; 0 for no limit.</param>
    /// <returns>The norm before clipping.</returns>
    public double Step(Tape tape, double learningRate, double clipNorm)
    {
        var squares = 0.0;
        foreach (var slot in _slots)
            squares += _device.SumOfSquares(Gradient(tape, slot));

        var norm = Math.Sqrt(squares);
        var scale = clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1;
        _steps++;
        foreach (var slot in _slots)
        {
            var step = new AdamWStep(
                (float)learningRate,
                (float)Beta1,
                (float)Beta2,
                Epsilon,
                slot.Parameter.Role == ParameterRole.Weight ? (float)_weightDecay : 0,
                (float)(1 - Math.Pow(Beta1, _steps)),
                (float)(1 - Math.Pow(Beta2, _steps)),
                (float)scale);
            _device.AdamW(slot.Parameter.Value, Gradient(tape, slot), slot.FirstMoment, slot.SecondMoment, step);
        }

        return norm;
    }

    private static Tensor Gradient(Tape tape, Slot slot) =>
        tape.Gradient(slot.Parameter.Value)
        ?? throw new InvalidOperationException($"The tape does not watch parameter '{slot.Parameter.Name}'.");

    private readonly record struct Slot(Parameter Parameter, Tensor FirstMoment, Tensor SecondMoment);
}
