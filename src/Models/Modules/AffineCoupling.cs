using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Transforms one part of the features, given the other part and a condition: y_b = x_b exp(s) + t, y_a = x_a; log|det| = sum s.</summary>
/// <remarks>
/// [s', t] is a network of one hidden layer over [x_a, condition]; s = B tanh(s' / B) is bounded by B, so that neither direction can overflow
/// (Dinh et al., Real NVP, 2017). The last layer starts at zero: the coupling begins as the identity.
/// </remarks>
internal sealed class AffineCoupling
{
    private readonly Linear _hidden;
    private readonly AffineLayer[] _maps;

    /// <summary>Creates NAME.hidden and NAME.output.</summary>
    /// <param name="parameters">Set to create the parameters in.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="width">Number of features; a single one is transformed given the condition alone.</param>
    /// <param name="condition">Columns of the condition, at least 1.</param>
    /// <param name="hidden">Units of the hidden layer.</param>
    /// <param name="transformsFirst">True when the first part is transformed, false when the last is.</param>
    /// <param name="maxLogScale">B, above 0.</param>
    /// <param name="random">Source of the initial weights.</param>
    public AffineCoupling(
        ParameterSet parameters, string name, int width, int condition, int hidden, bool transformsFirst, double maxLogScale, SeededRandom random)
    {
        Width = width;
        Passed = transformsFirst ? (width + 1) / 2 : width / 2;
        if (width == 1)
            Passed = 0;
        TransformsFirst = transformsFirst;
        MaxLogScale = (float)maxLogScale;
        _hidden = new Linear(parameters, $"{name}.hidden", Passed + condition, hidden, beforeRelu: true, random);
        OutputWeight = parameters.Create($"{name}.output.weight", new Shape(2 * Transformed, hidden), ParameterRole.Weight, static _ => { });
        OutputBias = parameters.Create($"{name}.output.bias", new Shape(2 * Transformed), ParameterRole.Offset, static _ => { });
        _maps = [_hidden.Map(relu: true), new AffineLayer(OutputWeight, OutputBias, Relu: false)];
    }

    public int Width { get; }

    /// <summary>Gets the number of features that stay as they are.</summary>
    public int Passed { get; }

    /// <summary>Gets the number of features that change.</summary>
    public int Transformed => Width - Passed;

    public bool TransformsFirst { get; }

    /// <summary>Gets B, the bound of the log-scale.</summary>
    public float MaxLogScale { get; }

    public Linear Hidden => _hidden;

    public Tensor OutputWeight { get; }

    public Tensor OutputBias { get; }

    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">x, <c>[rows, width]</c>.</param>
    /// <param name="condition">Condition, <c>[rows, condition]</c>.</param>
    /// <returns>y, <c>[rows, width]</c>, and log|det dy/dx|, <c>[rows]</c>.</returns>
    public (Tensor Output, Tensor LogDeterminant) Forward(Tape? tape, Tensor input, Tensor condition)
    {
        var seen = Passed == 0 ? condition : Columns.Concat(tape, input, TransformsFirst ? Transformed : 0, Passed, condition);
        var head = AffineMap.Apply(tape, seen, _maps);
        return CouplingMap.Apply(tape, input, head, new CouplingShape(Width, TransformsFirst ? 0 : Passed, Transformed, MaxLogScale));
    }
}
