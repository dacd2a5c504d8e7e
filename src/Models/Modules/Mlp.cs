using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Stacks fully connected layers with a ReLU between each two; the last layer is linear.</summary>
internal sealed class Mlp
{
    private readonly Linear[] _layers;
    private readonly AffineLayer[] _maps;
    private readonly AffineLayer[] _mapsWithRelu;

    /// <summary>Creates the layers NAME.0, NAME.1, ...</summary>
    /// <param name="parameters">Set to create the parameters in.</param>
    /// <param name="name">Name of the stack.</param>
    /// <param name="widths">Columns of the input, of each hidden layer and of the output.</param>
    /// <param name="random">Source of the initial weights.</param>
    public Mlp(ParameterSet parameters, string name, ReadOnlySpan<int> widths, SeededRandom random)
    {
        if (widths.Length < 2)
            throw new ArgumentException($"'{name}' needs an input and an output width; found {widths.Length} widths.", nameof(widths));

        _layers = new Linear[widths.Length - 1];
        for (var i = 0; i < _layers.Length; i++)
            _layers[i] = new Linear(parameters, $"{name}.{i}", widths[i], widths[i + 1], beforeRelu: i < _layers.Length - 1, random);

        _maps = [.. _layers.Select((layer, i) => layer.Map(i < _layers.Length - 1))];
        _mapsWithRelu = [.. _layers.Select(layer => layer.Map(relu: true))];
    }

    public IReadOnlyList<Linear> Layers => _layers;

    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">X, <c>[rows, inputs]</c>.</param>
    /// <param name="relu">True to apply max(y, 0) to the last layer too.</param>
    public Tensor Forward(Tape? tape, Tensor input, bool relu = false) => AffineMap.Apply(tape, input, relu ? _mapsWithRelu : _maps);
}
