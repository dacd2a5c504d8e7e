using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Losses;

/// <summary>Draws from the product of the marginals of a batch of codes.</summary>
internal static class IndependentCodes
{
    /// <summary>Permutes each column by itself, which keeps its distribution and breaks every dependence (Kim and Mnih, 2018, algorithm 1); a constant.</summary>
    /// <param name="codes">Codes, <c>[rows, latent]</c>.</param>
    /// <param name="random">Source of the permutations.</param>
    public static Tensor Draw(Tensor codes, SeededRandom random)
    {
        var (rows, latent) = (codes.Shape[0], codes.Shape[1]);
        var values = codes.ToArray();
        var permuted = new float[values.Length];
        var order = Enumerable.Range(0, rows).ToArray();
        for (var j = 0; j < latent; j++)
        {
            random.Shuffle(order);
            for (var row = 0; row < rows; row++)
                permuted[(row * latent) + j] = values[(order[row] * latent) + j];
        }

        return codes.Device.Create(codes.Shape, permuted);
    }
}
