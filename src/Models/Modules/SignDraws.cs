using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Holds fixed draws for codes, in opposite pairs, stored with the model: every row is judged by the same ones.</summary>
/// <remarks>
/// Their coordinates are +-1. Like those of normal draws they have mean 0 and variance 1, and each draw's opposite is there too: what is linear, or quadratic in
/// one coordinate, is averaged exactly by a single pair; few normal draws would weigh the coordinates by chance.
/// </remarks>
internal sealed class SignDraws
{
    private const ulong Seed = 180603107;

    private readonly int[] _widths;
    private readonly int _latent;
    private readonly Tensor _signs;

    /// <summary>Creates the constant parameter NAME, <c>[pairs, codes latent]</c>.</summary>
    /// <param name="parameters">Set to create it in.</param>
    /// <param name="name">Name.</param>
    /// <param name="pairs">Pairs of opposite draws.</param>
    /// <param name="codes">Codes that are drawn together.</param>
    /// <param name="widths">Width of each level of a code.</param>
    public SignDraws(ParameterSet parameters, string name, int pairs, int codes, int[] widths)
    {
        _widths = widths;
        _latent = widths.Sum();
        Count = 2 * pairs;
        _signs = parameters.Create(name, new Shape(pairs, codes * _latent), ParameterRole.Constant, Draw);
    }

    /// <summary>Gets the number of draws.</summary>
    public int Count { get; }

    /// <summary>Copies the first draw of each pair.</summary>
    public float[] ToArray() => _signs.ToArray();

    /// <summary>Gives one draw of one code: a tensor for each level, <c>[width]</c>, the same for all rows.</summary>
    /// <param name="draw">Draw; the odd ones are the opposites of those before them.</param>
    /// <param name="code">Code.</param>
    public Tensor[] Take(int draw, int code)
    {
        var (values, device) = (_signs.ToArray(), _signs.Device);
        var (levels, start) = (new Tensor[_widths.Length], (draw / 2 * _signs.Shape[1]) + (code * _latent));
        for (var level = 0; level < levels.Length; level++)
        {
            var signs = device.Create(new Shape(_widths[level]), values.AsSpan(start, _widths[level]));
            levels[level] = Arithmetic.Scale(null, signs, draw % 2 == 0 ? 1 : -1);
            start += _widths[level];
        }

        return levels;
    }

    private static void Draw(Span<float> signs)
    {
        var random = new SeededRandom(Seed);
        foreach (ref var sign in signs)
            sign = random.NextInt32(2) == 0 ? -1 : 1;
    }
}
