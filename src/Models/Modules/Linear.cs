using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Maps rows by a matrix and a bias: Y = X Wᵀ + b, W stored as <c>[outputs, inputs]</c>.</summary>
internal sealed class Linear
{
    /// <summary>Creates the layer and its parameters NAME.weight and NAME.bias.</summary>
    /// <param name="parameters">Set to create them in.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="inputs">Columns of the input.</param>
    /// <param name="outputs">Columns of the output.</param>
    /// <param name="beforeRelu">True for Kaiming, false for Xavier initialisation.</param>
    /// <param name="random">Source of the initial weights.</param>
    public Linear(ParameterSet parameters, string name, int inputs, int outputs, bool beforeRelu, SeededRandom random)
    {
        Weight = parameters.Create($"{name}.weight", new Shape(outputs, inputs), ParameterRole.Weight, weights =>
        {
            if (beforeRelu)
                Initializers.Kaiming(weights, inputs, random);
            else
                Initializers.Xavier(weights, inputs, outputs, random);
        });
        Bias = parameters.Create($"{name}.bias", new Shape(outputs), ParameterRole.Offset, static _ => { });
    }

    public Tensor Weight { get; }

    public Tensor Bias { get; }

    /// <summary>Gets the layer as a part of an <see cref="AffineMap"/>.</summary>
    /// <param name="relu">True to apply max(y, 0).</param>
    public AffineLayer Map(bool relu) => new(Weight, Bias, relu);

    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">X, <c>[rows, inputs]</c>.</param>
    /// <param name="relu">True to apply max(y, 0).</param>
    public Tensor Forward(Tape? tape, Tensor input, bool relu = false) => AffineMap.Apply(tape, input, Weight, Bias, relu);
}
