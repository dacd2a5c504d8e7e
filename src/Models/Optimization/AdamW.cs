using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Kernels;
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

    /// <summary>Gets the running means of the gradients, one for each parameter to update.</summary>
    public IEnumerable<Tensor> FirstMoments => _slots.Select(slot => slot.FirstMoment);

    /// <summary>Gets the number of elements of all parameters to update.</summary>
    public long ElementCount => _slots.Sum(slot => (long)slot.Parameter.Value.Count);

    /// <summary>Asks a tape for the gradients of the parameters.</summary>
    public void Watch(Tape tape)
    {
        foreach (var slot in _slots)
            tape.Watch(slot.Parameter.Value);
    }

    /// <summary>Creates a tensor for the gradient of each parameter, undefined.</summary>
    /// <param name="device">Device of the tensors.</param>
    public Tensor[] CreateGradients(Device device)
    {
        var gradients = new Tensor[_slots.Length];
        for (var i = 0; i < gradients.Length; i++)
            gradients[i] = device.Create(_slots[i].Parameter.Value.Shape);
        return gradients;
    }

    /// <summary>Asks a tape to collect the gradients of the parameters in given tensors.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="gradients">A tensor for each parameter; see <see cref="CreateGradients"/>.</param>
    /// <param name="accumulate">True to add to what they hold.</param>
    public void Watch(Tape tape, Tensor[] gradients, bool accumulate)
    {
        for (var i = 0; i < gradients.Length; i++)
            tape.Watch(_slots[i].Parameter.Value, gradients[i], accumulate);
    }

    /// <summary>Adds the gradients that one tape collected to those of another.</summary>
    public void AddGradients(Tape source, Tape target)
    {
        foreach (var slot in _slots)
            _device.AddScaled(Gradient(source, slot), 1, Gradient(target, slot));
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
