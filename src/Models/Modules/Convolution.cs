using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Convolves sequences along time, strided: y[t] = max(sum_k W_k x[t stride + k - padding] + b, 0).</summary>
internal sealed class Convolution
{
    private readonly Linear _map;

    /// <summary>Creates the layer and its parameters NAME.weight <c>[outputs, kernel channels]</c> and NAME.bias.</summary>
    public Convolution(ParameterSet parameters, string name, PatchGeometry geometry, int outputs, SeededRandom random)
    {
        Geometry = geometry;
        _map = new Linear(parameters, name, geometry.PatchWidth, outputs, beforeRelu: true, random);
    }

    public PatchGeometry Geometry { get; }

    public Tensor Weight => _map.Weight;

    public Tensor Bias => _map.Bias;

    /// <param name="tape">Tape, or null.</param>
    /// <param name="input"><c>[batch, length channels]</c>.</param>
    /// <returns><c>[batch, positions outputs]</c>.</returns>
    public Tensor Forward(Tape? tape, Tensor input)
    {
        var output = _map.Forward(tape, Patches.Unfold(tape, input, Geometry), relu: true);
        return Reshape.Apply(tape, output, new Shape(input.Shape[0], Geometry.Positions * output.Shape[1]));
    }
}
