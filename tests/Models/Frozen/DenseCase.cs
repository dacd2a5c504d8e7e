using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;

namespace AEAnomaly.Models.Tests.Frozen;

/// <summary>Makes a random stack, rows for it, and the answers of a naive implementation in double precision.</summary>
internal sealed class DenseCase
{
    private readonly Random _random;

    public DenseCase(
        FeatureLayout layout, int[] hidden, int latentLayer, int seed, Activation activation = Activation.Relu, float? klWeight = null)
    {
        _random = new Random(seed);
        (Layout, LatentLayer, KlWeight) = (layout, latentLayer, klWeight);
        int[] widths = [layout.Width, .. hidden, layout.Width];
        for (var i = 0; i < widths.Length - 1; i++)
        {
            var inputs = klWeight.HasValue && i == latentLayer + 1 ? widths[i] / 2 : widths[i];
            var last = i == widths.Length - 2 || i == latentLayer;
            Layers.Add(new DenseLayer(
                Uniform(inputs * widths[i + 1], 1.5 / Math.Sqrt(inputs)), Uniform(widths[i + 1], 0.5), last ? Activation.Identity : activation));
        }

        BlockWeights = [.. Enumerable.Range(0, layout.BlockCount).Select(_ => (float)(0.25 + _random.NextDouble()))];
    }

    public FeatureLayout Layout { get; }

    public int LatentLayer { get; }

    public float? KlWeight { get; }

    public List<DenseLayer> Layers { get; } = [];

    public float[] BlockWeights { get; }

    /// <summary>Gives a layout with every kind of block, one of each wider than a register of 4.</summary>
    public static FeatureLayout Mixed() => new(
    [
        new FeatureBlock(0, 1, BlockKind.Real),
        new FeatureBlock(1, 5, BlockKind.Category),
        new FeatureBlock(6, 1, BlockKind.Binary),
        new FeatureBlock(7, 2, BlockKind.Real),
        new FeatureBlock(9, 1, BlockKind.Category),
        new FeatureBlock(10, 3, BlockKind.Binary),
        new FeatureBlock(13, 20, BlockKind.Category),
    ]);

    public FrozenModel Freeze(VectorWidth? width = null) => FrozenDenseModel.Create(Layout, BlockWeights, Layers, LatentLayer, KlWeight, width);

    public float[] Score(FrozenModel model, float[] rows, byte[] missing)
    {
        var scores = new float[rows.Length / Layout.Width];
        model.Score(rows, missing, scores, model.CreateScratch());
        return scores;
    }

    public (float[] Rows, byte[] Missing) MakeRows(int count, double missingShare)
    {
        var rows = new float[count * Layout.Width];
        var missing = new byte[count * Layout.BlockCount];
        for (var row = 0; row < count; row++)
        {
            for (var b = 0; b < Layout.BlockCount; b++)
            {
                var block = Layout.Blocks[b];
                var values = rows.AsSpan((row * Layout.Width) + block.Start, block.Width);
                if (_random.NextDouble() < missingShare)
                    missing[(row * Layout.BlockCount) + b] = 1;
                else
                    Fill(values, block.Kind);
            }
        }

        return (rows, missing);
    }

    /// <summary>Computes one row's score, parts, expected values and latent vector.</summary>
    public DenseAnswer Reference(ReadOnlySpan<float> row, ReadOnlySpan<byte> missing)
    {
        var values = new double[row.Length];
        for (var i = 0; i < row.Length; i++)
            values[i] = row[i];

        var (latent, divergence) = (Array.Empty<double>(), 0d);
        for (var i = 0; i < Layers.Count; i++)
        {
            values = Apply(Layers[i], values);
            if (i != LatentLayer)
                continue;

            if (KlWeight.HasValue)
            {
                var half = values.Length / 2;
                for (var j = 0; j < half; j++)
                    divergence += ((values[j] * values[j]) + Math.Exp(values[half + j]) - values[half + j] - 1) / 2;
                values = values[..half];
            }

            latent = values;
        }

        var parts = new double[Layout.BlockCount];
        var expected = new double[row.Length];
        for (var b = 0; b < parts.Length; b++)
        {
            var block = Layout.Blocks[b];
            var error = Judge(block, row, values, expected);
            parts[b] = missing[b] != 0 ? 0 : BlockWeights[b] * error;
        }

        return new DenseAnswer(parts.Sum() + ((KlWeight ?? 0) * divergence), parts, expected, latent);
    }

    private static double Judge(FeatureBlock block, ReadOnlySpan<float> row, double[] outputs, double[] expected)
    {
        var error = 0d;
        var logSum = block.Kind == BlockKind.Category ? Math.Log(outputs[block.Start..block.End].Sum(Math.Exp)) : 0;
        for (var i = block.Start; i < block.End; i++)
        {
            var (x, y) = ((double)row[i], outputs[i]);
            expected[i] = block.Kind switch
            {
                BlockKind.Real => y,
                BlockKind.Binary => 1 / (1 + Math.Exp(-y)),
                _ => Math.Exp(y - logSum),
            };
            error += block.Kind switch
            {
                BlockKind.Real => (y - x) * (y - x),
                BlockKind.Binary => Math.Log(1 + Math.Exp(y)) - (x * y),
                _ => -x * y,
            };
        }

        return error + logSum;
    }

    private static double[] Apply(DenseLayer layer, double[] values)
    {
        var outputs = new double[layer.Outputs];
        for (var j = 0; j < outputs.Length; j++)
        {
            double sum = layer.Bias[j];
            for (var i = 0; i < layer.Inputs; i++)
                sum += values[i] * layer.Weights[(i * outputs.Length) + j];

            outputs[j] = layer.Activation switch
            {
                Activation.Relu => Math.Max(sum, 0),
                Activation.LeakyRelu => sum > 0 ? sum : 0.01 * sum,
                Activation.Tanh => Math.Tanh(sum),
                Activation.Sigmoid => 1 / (1 + Math.Exp(-sum)),
                _ => sum,
            };
        }

        return outputs;
    }

    private void Fill(Span<float> values, BlockKind kind)
    {
        if (kind == BlockKind.Category)
        {
            values[_random.Next(values.Length)] = 1;
            return;
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = kind == BlockKind.Real ? (float)((_random.NextDouble() * 4) - 2) : _random.Next(2);
    }

    private float[] Uniform(int count, double scale)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)(((_random.NextDouble() * 2) - 1) * scale);
        return values;
    }
}

internal sealed record DenseAnswer(double Score, double[] Parts, double[] Expected, double[] Latent);
