using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tensors;

/// <summary>Moves one parameter after the other. The norm is summed on the host, which waits for each parameter's part: nothing where the device's memory is the host's.</summary>
internal sealed class SeparateUpdate : ParameterUpdate
{
    private readonly Device _device;
    private readonly Slot[] _slots;

    /// <param name="device">Device of the parameters.</param>
    /// <param name="parameters">Parameters; their moments are zero at first.</param>
    public SeparateUpdate(Device device, IReadOnlyList<LearnedTensor> parameters)
    {
        _device = device;
        _slots = [.. parameters.Select(parameter => new Slot(parameter, device.Allocate(parameter.Value.Shape), device.Allocate(parameter.Value.Shape)))];
    }

    /// <summary>Gets the running means of the gradients, one for each parameter.</summary>
    public IEnumerable<Tensor> FirstMoments => _slots.Select(slot => slot.FirstMoment);

    public override void Take(ReadOnlySpan<Tensor> gradients, in AdamWStep step, double clipNorm)
    {
        var squares = 0.0;
        foreach (var gradient in gradients)
            squares += _device.SumOfSquares(gradient);

        var norm = Math.Sqrt(squares);
        var decaying = step with { GradientScale = (float)(clipNorm > 0 && norm > clipNorm ? clipNorm / norm : 1) };
        var staying = decaying with { Decay = 0 };
        for (var i = 0; i < _slots.Length; i++)
        {
            var (parameter, first, second) = _slots[i];
            _device.AdamW(parameter.Value, gradients[i], first, second, parameter.Decays ? decaying : staying);
        }
    }

    public override void Dispose()
    {
        foreach (var slot in _slots)
        {
            _device.Release(slot.FirstMoment);
            _device.Release(slot.SecondMoment);
        }
    }

    private readonly record struct Slot(LearnedTensor Parameter, Tensor FirstMoment, Tensor SecondMoment);
}
