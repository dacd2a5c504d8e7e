using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Distributes a code level by level, from the top: each level is a Gaussian given the context and the levels drawn before it.</summary>
internal sealed class LayeredGaussian
{
    /// <summary>Creates the maps NAME.0 (the top), NAME.1, ...</summary>
    /// <param name="parameters">Set to create them in.</param>
    /// <param name="name">Name of the distribution.</param>
    /// <param name="context">Columns of the context.</param>
    /// <param name="widths">Width of each level.</param>
    /// <param name="hidden">Units of each map's gated layer.</param>
    /// <param name="random">Source of the initial weights.</param>
    public LayeredGaussian(ParameterSet parameters, string name, int context, int[] widths, int hidden, SeededRandom random)
    {
        var levels = new GatedGaussian[widths.Length];
        for (var level = 0; level < levels.Length; level++)
            levels[level] = new GatedGaussian(parameters, $"{name}.{level}", context + widths[..level].Sum(), hidden, widths[level], random);
        Levels = levels;
    }

    public IReadOnlyList<GatedGaussian> Levels { get; }

    /// <summary>Divides a width among levels, the first ones taking what does not divide evenly.</summary>
    public static int[] Share(int width, int levels) =>
        [.. Enumerable.Range(0, levels).Select(level => (width / levels) + (level < width % levels ? 1 : 0))];

    /// <summary>Draws a code.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="context"><c>[rows, context]</c>.</param>
    /// <param name="draws">Standard normal draws of each level; null takes the means.</param>
    /// <returns>The code and the Gaussian of each level.</returns>
    public (Tensor[] Code, DiagonalGaussian[] Gaussians) Draw(Tape? tape, Tensor context, Tensor[]? draws)
    {
        var (code, gaussians) = (new Tensor[Levels.Count], new DiagonalGaussian[Levels.Count]);
        for (var level = 0; level < code.Length; level++)
        {
            var gaussian = gaussians[level] = At(tape, context, code, level);
            code[level] = draws is null ? gaussian.Mean : GaussianSample.At(tape, gaussian.Mean, gaussian.LogVariance, draws[level]);
        }

        return (code, gaussians);
    }

    /// <summary>Gives the Gaussian of each level, given the levels above it in a code.</summary>
    public DiagonalGaussian[] Given(Tape? tape, Tensor context, Tensor[] code)
    {
        var gaussians = new DiagonalGaussian[Levels.Count];
        for (var level = 0; level < gaussians.Length; level++)
            gaussians[level] = At(tape, context, code, level);
        return gaussians;
    }

    private DiagonalGaussian At(Tape? tape, Tensor context, Tensor[] code, int level) =>
        Levels[level].Forward(tape, level == 0 ? context : Columns.Concat(tape, [context, .. code.AsSpan(0, level)]));
}
