using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Hierarchical;

/// <summary>Reads a Gaussian code from each of the last hidden layers of an MLP.</summary>
/// <remarks>The codes share the latent width, the first ones taking what does not divide evenly. Each has the prior N(0, 1).</remarks>
internal sealed class LevelEncoder
{
    // exp(8) bounds the variance of a code: rows far outside of the data would overflow the exponential otherwise.
    private const float LargestLogVariance = 8;

    /// <summary>Creates the layers encoder.I and posterior.LEVEL.</summary>
    /// <param name="parameters">Set to create the parameters in.</param>
    /// <param name="features">Features of a row.</param>
    /// <param name="hidden">Widths of the hidden layers; may be empty, then the code is read from the row.</param>
    /// <param name="latent">Width of all codes together.</param>
    /// <param name="levels">Number of codes; at most the hidden layers, and 1 when there is none.</param>
    /// <param name="random">Source of the initial weights.</param>
    public LevelEncoder(ParameterSet parameters, int features, int[] hidden, int latent, int levels, SeededRandom random)
    {
        levels = Math.Max(1, levels);
        var inputs = features;
        var trunk = new Linear[hidden.Length];
        for (var i = 0; i < hidden.Length; i++)
        {
            trunk[i] = new Linear(parameters, $"encoder.{i}", inputs, hidden[i], beforeRelu: true, random);
            inputs = hidden[i];
        }

        Trunk = trunk;
        Widths = new int[levels];
        var heads = new Linear[levels];
        for (var level = 0; level < levels; level++)
        {
            Widths[level] = (latent / levels) + (level < latent % levels ? 1 : 0);
            var layer = LayerOf(level, levels, hidden.Length);
            heads[level] = new Linear(
                parameters, $"posterior.{level}", layer < 0 ? features : hidden[layer], 2 * Widths[level], beforeRelu: false, random);
        }

        Heads = heads;
    }

    public IReadOnlyList<Linear> Trunk { get; }

    /// <summary>Gets the layers that give means, then logarithms of variances before they are bounded, lowest level first.</summary>
    public IReadOnlyList<Linear> Heads { get; }

    /// <summary>Gets the width of each code.</summary>
    public int[] Widths { get; }

    /// <summary>Gets the bound of the logarithms of the variances.</summary>
    public static float MaxLogVariance => LargestLogVariance;

    /// <summary>Finds the hidden layer a level is read from; -1 for the row itself.</summary>
    public static int LayerOf(int level, int levels, int hiddenLayers) => hiddenLayers - levels + level;

    /// <summary>Encodes rows.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="values">Rows, <c>[rows, features]</c>.</param>
    /// <param name="noise">Source of the codes' noise; null takes the means.</param>
    /// <returns>The codes, <c>[rows, Widths[level]]</c>, and the sum of their divergences, <c>[rows]</c>.</returns>
    public (Tensor[] Codes, Tensor Divergence) Forward(Tape? tape, Tensor values, SeededRandom? noise)
    {
        var layers = new Tensor[Trunk.Count + 1];
        layers[0] = values;
        for (var i = 0; i < Trunk.Count; i++)
            layers[i + 1] = Trunk[i].Forward(tape, layers[i], relu: true);

        var codes = new Tensor[Heads.Count];
        Tensor? divergence = null;
        for (var level = 0; level < codes.Length; level++)
        {
            var head = Heads[level].Forward(tape, layers[LayerOf(level, codes.Length, Trunk.Count) + 1]);
            var mean = Columns.Slice(tape, head, 0, Widths[level]);
            var logVariance = BoundedLog.Apply(tape, Columns.Slice(tape, head, Widths[level], Widths[level]), LargestLogVariance);
            codes[level] = GaussianSample.Draw(tape, mean, logVariance, noise);
            var own = GaussianKl.PerRow(tape, mean, logVariance);
            divergence = divergence is null ? own : Arithmetic.Add(tape, divergence, own);
        }

        return (codes, divergence!);
    }
}
