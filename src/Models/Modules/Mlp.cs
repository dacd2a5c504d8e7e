using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Stacks fully connected layers with a ReLU between each two; the last layer is linear.</summary>
internal sealed class Mlp
{
    private readonly Linear[] _layers;

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
    }

    public IReadOnlyList<Linear> Layers => _layers;

    public Tensor Forward(Tape? tape, Tensor input)
    {
        var values = input;
        for (var i = 0; i < _layers.Length; i++)
            values = _layers[i].Forward(tape, values, relu: i < _layers.Length - 1);

        return values;
    }
}
