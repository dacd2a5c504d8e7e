using AEAnomaly.Models.Features;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Torch.Tests.Judging;

/// <summary>Holds the values of one argument, to be created on every device.</summary>
internal sealed record Input(Shape Shape, float[] Values)
{
    public Tensor Create(Device device) => device.Create(Shape, Values);

    /// <summary>Draws values from -scale to scale.</summary>
    public static Input Uniform(SeededRandom random, Shape shape, double scale = 1) =>
        new(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => (float)(scale * ((2 * random.NextDouble()) - 1)))]);

    /// <summary>Draws values from least to least + 1.</summary>
    public static Input Above(SeededRandom random, Shape shape, double least) =>
        new(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => (float)(least + random.NextDouble()))]);

    /// <summary>Draws what a ReLU gives: zeros and values above.</summary>
    public static Input Activated(SeededRandom random, Shape shape) =>
        new(shape, [.. Uniform(random, shape).Values.Select(value => Math.Max(0, value))]);

    /// <summary>Draws flags, three of four 1.</summary>
    public static Input Flags(SeededRandom random, Shape shape) =>
        new(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => random.NextInt32(4) == 0 ? 0f : 1f)]);

    /// <summary>Draws rows as encoders make them; a category block may be all zeros, as for a category never seen.</summary>
    public static Input Rows(SeededRandom random, FeatureLayout layout, int rows)
    {
        var values = new float[rows * layout.Width];
        for (var row = 0; row < rows; row++)
        {
            foreach (var block in layout.Blocks)
            {
                var features = values.AsSpan((row * layout.Width) + block.Start, block.Width);
                var chosen = random.NextInt32(block.Width + 1);
                for (var j = 0; j < features.Length; j++)
                {
                    features[j] = block.Kind switch
                    {
                        BlockKind.Real => (float)random.NextNormal(),
                        BlockKind.Binary => random.NextInt32(2),
                        _ => j == chosen ? 1 : 0,
                    };
                }
            }
        }

        return new Input(new Shape(rows, layout.Width), values);
    }
}
