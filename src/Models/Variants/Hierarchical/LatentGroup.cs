using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Hierarchical;

/// <summary>Draws one group of latent variables, given the decoder's state so far and what the encoder saw at the same depth.</summary>
/// <remarks>
/// Prior p = N(m, s²) from the state; residual posterior q = N(m + dm, s² ds²) from state and encoder (Vahdat and Kautz, 2020, section 3.2):
/// KL(q || p) = sum (dm² / s² + ds² - log ds² - 1) / 2. The group then adds a linear map of z to the state.
/// </remarks>
internal sealed class LatentGroup
{
    // exp(8) bounds the variances, as that of the first group's code.
    private const float LargestLogVariance = 8;

    /// <summary>Creates the layers prior.INDEX, residual.INDEX and injection.INDEX.</summary>
    /// <param name="parameters">Set to create the parameters in.</param>
    /// <param name="index">Index of the group, from 1.</param>
    /// <param name="state">Width of the decoder's state and of the encoder's layer.</param>
    /// <param name="width">Width of the group.</param>
    /// <param name="random">Source of the initial weights.</param>
    public LatentGroup(ParameterSet parameters, int index, int state, int width, SeededRandom random)
    {
        Width = width;
        Prior = new Linear(parameters, $"prior.{index}", state, 2 * width, beforeRelu: false, random);
        Residual = new Linear(parameters, $"residual.{index}", 2 * state, 2 * width, beforeRelu: false, random);
        Injection = new Linear(parameters, $"injection.{index}", width, state, beforeRelu: false, random);
    }

    public int Width { get; }

    /// <summary>Gets the layer that gives m, then log s² before it is bounded.</summary>
    public Linear Prior { get; }

    /// <summary>Gets the layer that gives dm, then log ds² before it is bounded.</summary>
    public Linear Residual { get; }

    public Linear Injection { get; }

    /// <param name="tape">Tape, or null.</param>
    /// <param name="state">The decoder's state, <c>[rows, state]</c>.</param>
    /// <param name="seen">The encoder's layer, same shape.</param>
    /// <param name="noise">Source of the noise; null takes the mean.</param>
    /// <returns>The state with the group added, and the divergence of each row.</returns>
    public (Tensor State, Tensor Divergence) Forward(Tape? tape, Tensor state, Tensor seen, SeededRandom? noise)
    {
        var prior = Prior.Forward(tape, state);
        var residual = Residual.Forward(tape, Columns.Concat(tape, state, seen));
        var logVariance = Bounded(tape, prior);
        var logFactor = Bounded(tape, residual);
        var shift = Columns.Slice(tape, residual, 0, Width);
        var mean = Arithmetic.Add(tape, Columns.Slice(tape, prior, 0, Width), shift);
        var code = GaussianSample.Draw(tape, mean, Arithmetic.Add(tape, logVariance, logFactor), noise);

        var precision = ElementWise.Apply(tape, UnaryFunction.Exp, Arithmetic.Scale(tape, logVariance, -1));
        var distance = Arithmetic.Multiply(tape, ElementWise.Apply(tape, UnaryFunction.Square, shift), precision);
        var spread = Arithmetic.Subtract(tape, ElementWise.Apply(tape, UnaryFunction.Exp, logFactor), logFactor);
        var terms = Arithmetic.Scale(tape, Arithmetic.Add(tape, distance, spread), 0.5f, -0.5f);
        return (Arithmetic.Add(tape, state, Injection.Forward(tape, code)), Reduction.Sum(tape, terms, 1, 1));
    }

    /// <summary>Draws the group from its prior, given the decoder's state so far.</summary>
    /// <returns>The state with the group added.</returns>
    public Tensor AddFromPrior(Tensor state, SeededRandom random)
    {
        var prior = Prior.Forward(null, state);
        var code = GaussianSample.Draw(null, Columns.Slice(null, prior, 0, Width), Bounded(null, prior), random);
        return Arithmetic.Add(null, state, Injection.Forward(null, code));
    }

    private Tensor Bounded(Tape? tape, Tensor head) => BoundedLog.Apply(tape, Columns.Slice(tape, head, Width, Width), LargestLogVariance);
}
