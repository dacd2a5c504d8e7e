using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Holds the weights of a gated recurrent unit; see <see cref="GruStep"/> for the formula.</summary>
internal sealed class GruCell
{
    /// <summary>Creates the cell and its parameters NAME.input and NAME.hidden, each a layer of three gates.</summary>
    public GruCell(ParameterSet parameters, string name, int inputs, int units, SeededRandom random)
    {
        Units = units;
        Input = new Linear(parameters, $"{name}.input", inputs, 3 * units, beforeRelu: false, random);
        Hidden = new Linear(parameters, $"{name}.hidden", units, 3 * units, beforeRelu: false, random);
    }

    public int Units { get; }

    public Linear Input { get; }

    public Linear Hidden { get; }

    /// <param name="tape">Tape, or null.</param>
    /// <param name="inputGates">What <see cref="Input"/> gives, <c>[rows, 3 units]</c>.</param>
    /// <param name="hidden">State, <c>[rows, units]</c>.</param>
    public Tensor Step(Tape? tape, Tensor inputGates, Tensor hidden) => GruStep.Apply(tape, inputGates, Hidden.Forward(tape, hidden), hidden);

    /// <summary>Reads windows from a state of zeros.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="windows">Records one after the other, <c>[rows, window inputs]</c>.</param>
    /// <param name="window">Records of a window.</param>
    /// <returns>The state after each record, each <c>[rows, units]</c>.</returns>
    public Tensor[] Read(Tape? tape, Tensor windows, int window)
    {
        var (rows, gates) = (windows.Shape[0], 3 * Units);
        var records = Reshape.Apply(tape, windows, new Shape(rows * window, windows.Shape[1] / window));
        var inputGates = Reshape.Apply(tape, Input.Forward(tape, records), new Shape(rows, window * gates));
        var states = new Tensor[window];
        var hidden = windows.Device.CreateZeros(new Shape(rows, Units));
        for (var t = 0; t < window; t++)
            states[t] = hidden = Step(tape, Columns.Slice(tape, inputGates, t * gates, gates), hidden);
        return states;
    }
}
