using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Estimates how much likelier a vector is under one distribution than under another, by learning to tell their draws apart.</summary>
/// <remarks>
/// The best discriminator's logit is log p(z) / q(z) (Sugiyama et al., 2012; Goodfellow et al., 2014). Loss: softplus(-logit(z)) for z from p plus softplus(logit(z'))
/// for z' from q.
/// </remarks>
internal sealed class DensityRatio
{
    private readonly Mlp _discriminator;

    /// <param name="parameters">Set to create the parameters NAME.0.weight, ... in.</param>
    /// <param name="name">Name of the discriminator.</param>
    /// <param name="width">Width of the vectors.</param>
    /// <param name="hidden">Width of its two hidden layers.</param>
    /// <param name="random">Source of the initial weights.</param>
    public DensityRatio(ParameterSet parameters, string name, int width, int hidden, SeededRandom random)
    {
        var before = parameters.All.Count;
        _discriminator = new Mlp(parameters, name, [width, hidden, hidden, 1], random);
        Learned = [.. parameters.All.Skip(before)];
    }

    /// <summary>Gets the discriminator's parameters.</summary>
    public IReadOnlyList<Parameter> Learned { get; }

    /// <summary>Estimates log p(z) / q(z) of each row, <c>[rows]</c>.</summary>
    public Tensor Logarithms(Tape? tape, Tensor vectors) => Reduction.Sum(tape, _discriminator.Forward(tape, vectors), 1, 1);

    /// <summary>Computes what the discriminator minimises, <c>[rows]</c>.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="first">Draws from p, <c>[rows, width]</c>.</param>
    /// <param name="second">Draws from q, <c>[rows, width]</c>.</param>
    public Tensor RowLosses(Tape? tape, Tensor first, Tensor second)
    {
        var missed = ElementWise.Apply(tape, UnaryFunction.Softplus, Arithmetic.Scale(tape, Logarithms(tape, first), -1));
        return Arithmetic.Add(tape, missed, ElementWise.Apply(tape, UnaryFunction.Softplus, Logarithms(tape, second)));
    }
}
