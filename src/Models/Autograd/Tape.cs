using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Autograd;

/// <summary>Records the operations of one forward pass and plays them back for the gradients (reverse mode).</summary>
/// <remarks>
/// A tape is a value that operations are given; without one they only compute. It tracks the tensors it watches and what is computed from them:
/// a tensor that is not tracked is a constant, so watching only a part of the parameters is how alternating updates hold the rest fixed.
/// </remarks>
internal sealed class Tape(Device device)
{
    private readonly Dictionary<Tensor, Collected> _gradients = new(ReferenceEqualityComparer.Instance);
    private readonly List<Operation> _operations = [];

    /// <summary>Asks for the gradient with respect to a tensor.</summary>
    public void Watch(Tensor tensor) => _gradients.TryAdd(tensor, default);

    /// <summary>Asks for the gradient with respect to a tensor, to be collected in memory of the caller's choice.</summary>
    /// <param name="tensor">Tensor to watch.</param>
    /// <param name="gradient">Receives the gradient; same shape.</param>
    /// <param name="accumulate">True to add to what it holds.</param>
    public void Watch(Tensor tensor, Tensor gradient, bool accumulate) => _gradients[tensor] = new Collected(gradient, accumulate);

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
            RecordTracked(result, backward);
            return;
        }
    }

    /// <summary>Appends an operation of two results; nothing is kept when none of its inputs is tracked.</summary>
    /// <param name="first">What the operation computed.</param>
    /// <param name="second">What it computed beside.</param>
    /// <param name="backward">Adds to the gradients of the inputs, given the gradients of both results; that of a result nothing was made of is zero.</param>
    /// <param name="inputs">Tensors the results depend on.</param>
    public void Record(Tensor first, Tensor second, Action<Tensor, Tensor> backward, params ReadOnlySpan<Tensor> inputs)
    {
        foreach (var input in inputs)
        {
            if (!Tracks(input))
                continue;
            _gradients.Add(first, default);
            _gradients.Add(second, default);
            _operations.Add(new Operation(first, second, null, backward));
            return;
        }
    }

    /// <summary>Appends an operation whose caller knows that one of its inputs is tracked.</summary>
    public void RecordTracked(Tensor result, Action<Tensor> backward)
    {
        _gradients.Add(result, default);
        _operations.Add(new Operation(result, null, backward, null));
    }

    /// <summary>Finds the tensor that collects the gradient of a tracked tensor, zero before the first use; null when it is not tracked.</summary>
    public Tensor? Gradient(Tensor tensor)
    {
        var gradient = Gradient(tensor, out var accumulate);
        if (gradient is not null && !accumulate)
            device.Fill(gradient, 0);
        return gradient;
    }

    /// <summary>Finds the tensor that collects the gradient of a tracked tensor, for a caller that writes all of it; null when it is not tracked.</summary>
    /// <param name="tensor">Tensor.</param>
    /// <param name="accumulate">True to add to what it holds; false when its contents are undefined, and have to be overwritten.</param>
    public Tensor? Gradient(Tensor tensor, out bool accumulate)
    {
        accumulate = false;
        if (!_gradients.TryGetValue(tensor, out var collected))
            return null;

        accumulate = collected.IsWritten;
        var gradient = collected.Gradient ?? device.Create(tensor.Shape);
        if (!accumulate)
            _gradients[tensor] = new Collected(gradient, IsWritten: true);
        return gradient;
    }

    /// <summary>Computes the gradients of <c>sum(seed * result)</c> with respect to every tracked tensor.</summary>
    /// <param name="result">Tensor computed on this tape.</param>
    /// <param name="seed">Weight of each element of the result; null for 1.</param>
    /// <exception cref="ArgumentException">The result does not depend on a watched tensor, or the seed has another shape.</exception>
    public void Backward(Tensor result, Tensor? seed = null)
    {
        if (seed is not null && seed.Shape != result.Shape)
            throw new ArgumentException($"Backward: seed {seed.Shape} does not fit result {result.Shape}.", nameof(seed));

        var start = Gradient(result, out _)
            ?? throw new ArgumentException($"Backward: result {result.Shape} does not depend on a tensor that this tape watches.", nameof(result));
        if (seed is null)
            device.Fill(start, 1);
        else
            device.Copy(seed, start);

        for (var i = _operations.Count - 1; i >= 0; i--)
        {
            var operation = _operations[i];
            if (operation.Second is { } second)
            {
                if (_gradients[operation.Result].IsWritten || _gradients[second].IsWritten)
                    operation.BackwardOfBoth!(Gradient(operation.Result)!, Gradient(second)!);
            }
            else if (_gradients[operation.Result] is { IsWritten: true, Gradient: { } gradient })
            {
                operation.Backward!(gradient);
            }
        }
    }

    /// <summary>Forgets everything; the tape can record the next pass.</summary>
    public void Clear()
    {
        _gradients.Clear();
        _operations.Clear();
    }

    private readonly record struct Operation(Tensor Result, Tensor? Second, Action<Tensor>? Backward, Action<Tensor, Tensor>? BackwardOfBoth);

    private readonly record struct Collected(Tensor? Gradient, bool IsWritten);
}
