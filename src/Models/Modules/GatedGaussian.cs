using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Maps a context to a diagonal Gaussian through one gated layer: [mean, v] = W3 (tanh(W1 x + b1) sigmoid(W2 x + b2)) + b3, v bounded (Gregor et al., 2019, appendix D).</summary>
internal sealed class GatedGaussian
{
    /// <summary>Bound of the logarithms of the variances: rows far outside of the data would overflow their exponential otherwise.</summary>
    public const float MaxLogVariance = 8;

    private readonly int _hidden;
    private readonly int _width;

    /// <summary>Creates the layers NAME.hidden (the rows of W1, then those of W2) and NAME.output.</summary>
    /// <param name="parameters">Set to create them in.</param>
    /// <param name="name">Name of the map.</param>
    /// <param name="inputs">Columns of the context.</param>
    /// <param name="hidden">Units of the gated layer.</param>
    /// <param name="width">Coordinates of the Gaussian.</param>
    /// <param name="random">Source of the initial weights.</param>
    public GatedGaussian(ParameterSet parameters, string name, int inputs, int hidden, int width, SeededRandom random)
    {
        _hidden = hidden;
        _width = width;
        Hidden = new Linear(parameters, $"{name}.hidden", inputs, 2 * hidden, beforeRelu: false, random);
        Output = new Linear(parameters, $"{name}.output", hidden, 2 * width, beforeRelu: false, random);
    }

    public Linear Hidden { get; }

    public Linear Output { get; }

    /// <param name="tape">Tape, or null.</param>
    /// <param name="context"><c>[rows, inputs]</c>.</param>
    public DiagonalGaussian Forward(Tape? tape, Tensor context)
    {
        var both = Hidden.Forward(tape, context);
        var gated = Arithmetic.Multiply(
            tape,
            ElementWise.Apply(tape, UnaryFunction.Tanh, Columns.Slice(tape, both, 0, _hidden)),
            ElementWise.Apply(tape, UnaryFunction.Sigmoid, Columns.Slice(tape, both, _hidden, _hidden)));
        var head = Output.Forward(tape, gated);
        return new DiagonalGaussian(
            Columns.Slice(tape, head, 0, _width), BoundedLog.Apply(tape, Columns.Slice(tape, head, _width, _width), MaxLogVariance));
    }
}
