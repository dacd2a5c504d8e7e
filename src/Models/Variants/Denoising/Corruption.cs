using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Corrupts rows at random (Vincent et al., 2008); fields are corrupted whole.</summary>
/// <param name="options">Kind and strength.</param>
/// <param name="layout">Fields of a row.</param>
internal sealed class Corruption(CorruptingOptions options, FeatureLayout layout)
{
    // The same noise for every measurement on held-out rows, so that measurements can be compared.
    private const ulong HeldOutSeed = 0x5EED;

    /// <summary>Computes corrupted rows; no gradient flows through them.</summary>
    /// <param name="values">Clean rows, <c>[rows, layout.Width]</c>.</param>
    /// <param name="noise">Source of chance; null for a fixed one.</param>
    /// <param name="scale">Factor on the deviation of Gaussian noise.</param>
    public Tensor Apply(Tensor values, SeededRandom? noise, double scale = 1)
    {
        noise ??= new SeededRandom(HeldOutSeed);
        return options.Corruption switch
        {
            CorruptionKind.Gaussian => AddNoise(values, noise, scale),
            CorruptionKind.Masking => Replace(values, noise, static (_, _) => -1),
            _ => Replace(values, noise, static (rows, random) => random.NextInt32(rows)),
        };
    }

    private Tensor AddNoise(Tensor values, SeededRandom noise, double scale)
    {
        var device = values.Device;
        var draws = device.Create(values.Shape);
        device.FillNormal(draws, noise);
        return Arithmetic.Add(null, values, Arithmetic.Scale(null, draws, (float)(scale * options.NoiseDeviation)));
    }

    /// <summary>Replaces random fields by those of the row that <paramref name="choose"/> names; below 0 by zeros.</summary>
    private Tensor Replace(Tensor values, SeededRandom noise, Func<int, SeededRandom, int> choose)
    {
        var clean = values.ToArray();
        var corrupted = (float[])clean.Clone();
        var (rows, width) = (values.Shape[0], layout.Width);
        for (var row = 0; row < rows; row++)
        {
            foreach (var block in layout.Blocks)
            {
                if (noise.NextDouble() >= options.CorruptedShare)
                    continue;

                var target = corrupted.AsSpan((row * width) + block.Start, block.Width);
                var other = choose(rows, noise);
                if (other < 0)
                    target.Clear();
                else
                    clean.AsSpan((other * width) + block.Start, block.Width).CopyTo(target);
            }
        }

        return values.Device.Create(values.Shape, corrupted);
    }
}
