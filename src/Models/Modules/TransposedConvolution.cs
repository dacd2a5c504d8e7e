using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Spreads every step over the steps a strided convolution would have made it of: y[s] = b + sum of W_k x[t] over t stride + k - padding = s.</summary>
internal sealed class TransposedConvolution
{
    /// <summary>Creates the layer and its parameters NAME.weight <c>[inputs, kernel channels]</c> and NAME.bias <c>[channels]</c>.</summary>
    /// <param name="parameters">Set to create them in.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="geometry">Where the patches lie in the output.</param>
    /// <param name="inputs">Values of a step of the input.</param>
    /// <param name="isLast">True for the layer that gives the reconstruction, without a ReLU.</param>
    /// <param name="random">Source of the initial weights.</param>
    public TransposedConvolution(ParameterSet parameters, string name, PatchGeometry geometry, int inputs, bool isLast, SeededRandom random)
    {
        Geometry = geometry;
        IsLast = isLast;

        // Each output is reached by kernel / stride patches only.
        var reached = inputs * geometry.Kernel / geometry.Stride;
        Weight = parameters.Create($"{name}.weight", new Shape(inputs, geometry.PatchWidth), ParameterRole.Weight, weights =>
        {
            if (isLast)
                Initializers.Xavier(weights, reached, geometry.Channels, random);
            else
                Initializers.Kaiming(weights, reached, random);
        });
        Bias = parameters.Create($"{name}.bias", new Shape(geometry.Channels), ParameterRole.Offset, static _ => { });
    }

    public PatchGeometry Geometry { get; }

    public Tensor Weight { get; }

    public Tensor Bias { get; }

    public bool IsLast { get; }

    /// <param name="tape">Tape, or null.</param>
    /// <param name="input"><c>[batch, positions inputs]</c>.</param>
    /// <returns><c>[batch, length channels]</c>.</returns>
    public Tensor Forward(Tape? tape, Tensor input)
    {
        var batch = input.Shape[0];
        var steps = Reshape.Apply(tape, input, new Shape(batch * Geometry.Positions, Weight.Shape[0]));
        var spread = Patches.Fold(tape, MatMul.Apply(tape, steps, Weight), Geometry);
        var output = Arithmetic.Add(tape, Reshape.Apply(tape, spread, new Shape(batch * Geometry.Length, Geometry.Channels)), Bias);
        if (!IsLast)
            output = ElementWise.Apply(tape, UnaryFunction.Relu, output);
        return Reshape.Apply(tape, output, new Shape(batch, Geometry.SequenceWidth));
    }
}
