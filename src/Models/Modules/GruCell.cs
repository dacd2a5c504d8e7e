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
}
