using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Records the operations of one forward pass and plays them back for the gradients (reverse mode).</summary>
/// <remarks>
/// A tape is a value that operations are given; without one they only compute. It tracks the tensors it watches and what is computed from them:
/// a tensor that is not tracked is a constant, so watching only a part of the parameters is how alternating updates hold the rest fixed.
/// </remarks>
internal sealed class Tape(Device device)
{
    private readonly Dictionary<Tensor, Tensor?> _gradients = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Tensor Result, Action<Tensor> Backward)> _operations = [];

    /// <summary>Asks for the gradient with respect to a tensor.</summary>
    public void Watch(Tensor tensor) => _gradients.TryAdd(tensor, null);

    /// <summary>Tells whether a gradient flows to a tensor.</summary>
    public bool Tracks(Tensor tensor) => _gradients.ContainsKey(tensor);

    /// <summary>Appends an operation; nothing is kept when none of its inputs is tracked.</summary>
    /// <param name="result">What the operation computed.</param>
    /// <param name="backward">Adds to the gradients of the inputs, given the gradient of the result.</param>
    /// <param name="inputs">Tensors the result depends on.</param>
    public void Record(Tensor result, Action<Tensor> backward, params ReadOnlySpan<Tensor> inputs)
    {
        foreach (var input in inputs)
        {
            if (!Tracks(input))
                continue;
            _gradients.Add(result, null);
            _operations.Add((result, backward));
            return;
        }
    }

    /// <summary>Finds the tensor that collects the gradient of a tracked tensor, zero before the first use; null when it is not tracked.</summary>
    public Tensor? Gradient(Tensor tensor)
    {
        if (!_gradients.TryGetValue(tensor, out var gradient))
            return null;
        return gradient ?? (_gradients[tensor] = device.CreateZeros(tensor.Shape));
    }

    /// <summary>Computes the gradients of <c>sum(seed * result)</c> with respect to every tracked tensor.</summary>
    /// <param name="result">Tensor computed on this tape.</param>
    /// <param name="seed">Weight of each element of the result; null for 1.</param>
    /// <exception cref="ArgumentException">The result does not depend on a watched tensor, or the seed has another shape.</exception>
    public void Backward(Tensor result, Tensor? seed = null)
    {
        if (seed is not null && seed.Shape != result.Shape)
            throw new ArgumentException($"Backward: seed {seed.Shape} does not fit result {result.Shape}.", nameof(seed));

        var start = Gradient(result)
            ?? throw new ArgumentException($"Backward: result {result.Shape} does not depend on a tensor that this tape watches.", nameof(result));
        if (seed is null)
            device.Fill(start, 1);
        else
            device.Copy(seed, start);

        for (var i = _operations.Count - 1; i >= 0; i--)
        {
            var (output, backward) = _operations[i];
            if (_gradients[output] is { } gradient)
                backward(gradient);
        }
    }

    /// <summary>Forgets everything; the tape can record the next pass.</summary>
    public void Clear()
    {
        _gradients.Clear();
        _operations.Clear();
    }
}
