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
internal sealed class AdamW : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const float Epsilon = 1e-8f;
    private readonly Device _device;
    private readonly Parameter[] _parameters;
    private readonly Tensor[] _gradients;
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
        _parameters = [.. parameters.Where(parameter => parameter.Role != ParameterRole.Constant)];
        _gradients = new Tensor[_parameters.Length];
        Update = device.CreateUpdate([.. _parameters.Select(parameter => new LearnedTensor(parameter.Value, parameter.Role == ParameterRole.Weight))]);
    }

    /// <summary>Gets what moves the parameters.</summary>
    public ParameterUpdate Update { get; }

    /// <summary>Gets the number of elements of all parameters to update.</summary>
    public long ElementCount => _parameters.Sum(parameter => (long)parameter.Value.Count);

    /// <summary>Asks a tape for the gradients of the parameters.</summary>
    public void Watch(Tape tape)
    {
        foreach (var parameter in _parameters)
            tape.Watch(parameter.Value);
    }

    /// <summary>Creates a tensor for the gradient of each parameter, undefined.</summary>
    /// <param name="device">Device of the tensors.</param>
    public Tensor[] CreateGradients(Device device)
    {
        var gradients = new Tensor[_parameters.Length];
        for (var i = 0; i < gradients.Length; i++)
            gradients[i] = device.Create(_parameters[i].Value.Shape);
        return gradients;
    }

    /// <summary>Asks a tape to collect the gradients of the parameters in given tensors.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="gradients">A tensor for each parameter; see <see cref="CreateGradients"/>.</param>
    /// <param name="accumulate">True to add to what they hold.</param>
    public void Watch(Tape tape, Tensor[] gradients, bool accumulate)
    {
        for (var i = 0; i < gradients.Length; i++)
            tape.Watch(_parameters[i].Value, gradients[i], accumulate);
    }

    /// <summary>Adds the gradients that one tape collected to those of another.</summary>
    public void AddGradients(Tape source, Tape target)
    {
        foreach (var parameter in _parameters)
            _device.AddScaled(Gradient(source, parameter), 1, Gradient(target, parameter));
    }

    /// <summary>Takes one step along the gradients a tape collected.</summary>
    /// <param name="tape">Tape after its backward pass; a parameter without gradient counts as zero gradient.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="clipNorm">Norm of all gradients together above which they are scaled down to it; 0 for no limit.</param>
    public void Step(Tape tape, double learningRate, double clipNorm)
    {
        for (var i = 0; i < _gradients.Length; i++)
            _gradients[i] = Gradient(tape, _parameters[i]);

        _steps++;
        var step = new AdamWStep(
            (float)learningRate,
            (float)Beta1,
            (float)Beta2,
            Epsilon,
            (float)_weightDecay,
            (float)(1 - Math.Pow(Beta1, _steps)),
            (float)(1 - Math.Pow(Beta2, _steps)),
            GradientScale: 1);
        Update.Take(_gradients, step, clipNorm);
    }

    /// <summary>Lets go of the moments.</summary>
    public void Dispose() => Update.Dispose();

    private static Tensor Gradient(Tape tape, Parameter parameter) =>
        tape.Gradient(parameter.Value)
        ?? throw new InvalidOperationException($"The tape does not watch parameter '{parameter.Name}'.");
}
