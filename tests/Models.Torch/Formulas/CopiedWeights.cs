using AEAnomaly.Models.Modules;
using TorchSharp;

namespace AEAnomaly.Models.Torch.Tests.Formulas;

/// <summary>Holds the weights of a network of ours as torch's own, in double precision, asking for gradients.</summary>
internal sealed class CopiedWeights
{
    private readonly Dictionary<string, torch.Tensor> _weights = [];

    public CopiedWeights(IEnumerable<Parameter> parameters)
    {
        foreach (var parameter in parameters)
        {
            double[] values = [.. parameter.Value.ToArray().Select(value => (double)value)];
            long[] shape = [.. parameter.Value.Shape.ToArray().Select(extent => (long)extent)];
            _weights.Add(parameter.Name, torch.tensor(values, shape).requires_grad_(true));
        }
    }

    public torch.Tensor this[string name] => _weights[name];

    /// <summary>Applies NAME.weight and NAME.bias.</summary>
    public torch.Tensor Linear(string name, torch.Tensor x) => torch.nn.functional.linear(x, this[$"{name}.weight"], this[$"{name}.bias"]);

    /// <summary>Applies NAME.0, NAME.1 and so on, with a ReLU between each two.</summary>
    public torch.Tensor Mlp(string name, torch.Tensor x)
    {
        var y = Linear($"{name}.0", x);
        for (var layer = 1; _weights.ContainsKey($"{name}.{layer}.weight"); layer++)
            y = Linear($"{name}.{layer}", torch.nn.functional.relu(y));
        return y;
    }

    /// <summary>Gets the gradient that a parameter received, zero without one.</summary>
    public float[] Gradient(string name) =>
        _weights[name].grad is { } gradient
            ? [.. gradient.data<double>().ToArray().Select(value => (float)value)]
            : new float[_weights[name].numel()];
}
