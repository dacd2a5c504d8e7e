using AEAnomaly.Models.Features;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Generation;

/// <summary>Draws new rows from a network that defines a distribution: a code, through the decoder, then every feature from what the decoder says of it.</summary>
/// <remarks>
/// Binary and category features are drawn from their probabilities. A decoder that gives the means of real features says nothing of the spread around them; the one that makes the data likeliest
/// is the covariance of x - mean(z), z drawn from q(z | x) (Rybkin, Daniilidis and Levine, Simple and Effective VAE Training with Calibrated Decoders, 2021, there feature by feature). It is measured on
/// held-out rows and stored: the noise variance of the options weighs the loss, and is the same for a feature that is foreseen exactly and one that is not.
/// Codes of real rows never fill the prior exactly. A Gaussian fitted to those of held-out rows takes its place (density estimation after training: Ghosh et al., From Variational to Deterministic
/// Autoencoders, 2020), shrunk towards the prior where held-out rows are few; it is the prior itself where training reached it.
/// Rows are drawn in chunks of fixed size, so that the first rows of a seed are the same for any number of them.
/// </remarks>
internal sealed class RowGenerator
{
    private const int ChunkRows = 256;
    private const int PriorRows = 10;
    private const ulong CalibrationSeed = 0xD2A3;

    private readonly FeatureLayout _layout;
    private readonly Device _device;
    private readonly IGenerative _network;
    private readonly LayoutParts _parts;
    private readonly FittedGaussian _codes;
    private readonly FittedGaussian? _noise;

    /// <summary>Creates a generator and the constant parameters generation.codes and generation.noise.</summary>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="parameters">Set to create the parameters in.</param>
    /// <param name="network">What gives codes and decodes them.</param>
    public RowGenerator(FeatureLayout layout, ParameterSet parameters, IGenerative network)
    {
        (_layout, _device, _network) = (layout, parameters.Device, network);
        _parts = new LayoutParts(layout);
        _codes = new FittedGaussian(parameters, "generation.codes", network.CodeWidth);
        _noise = network.DrawsRealFeatures || _parts.RealWidth == 0 ? null : new FittedGaussian(parameters, "generation.noise", _parts.RealWidth);
    }

    /// <summary>Fits what new rows are drawn from.</summary>
    /// <param name="heldOut">Rows that were not learned from.</param>
    public void Calibrate(Batch heldOut)
    {
        var (codes, outputs) = _network.Encode(heldOut, new SeededRandom(CalibrationSeed));
        _codes.Fit(codes.ToArray(), default, PriorRows);
        if (_noise is null)
            return;

        var (residuals, means) = (_parts.TakeReal(heldOut.Values).ToArray(), _parts.TakeReal(outputs).ToArray());
        for (var i = 0; i < residuals.Length; i++)
            residuals[i] -= means[i];
        _noise.Fit(residuals, heldOut.Present is { } present ? _parts.SpreadReal(present).ToArray() : default, 0);
    }

    /// <summary>Draws rows.</summary>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="random">Source of every draw.</param>
    /// <param name="source">Where the codes come from.</param>
    /// <param name="excluded">Features of category blocks that no row may have, <c>[features]</c>, or null; the others keep their proportions.</param>
    /// <returns>Row-major <c>[rows, features]</c>: real features as drawn, 0 or 1, one feature of a category set.</returns>
    public float[] Draw(int rows, SeededRandom random, CodeSource source, IReadOnlyList<bool>? excluded)
    {
        var width = _layout.Width;
        var result = new float[rows * width];
        var chunk = new float[ChunkRows * width];
        for (var first = 0; first < rows; first += ChunkRows)
        {
            using var scope = _device.BeginScope();
            _device.Download(_network.Decode(DrawCodes(source, random), random), chunk);
            if (_noise is not null)
            {
                var noise = _noise.Draw(ChunkRows, random);
                for (var i = 0; i < noise.Length; i++)
                    chunk[(i / _parts.RealWidth * width) + _parts.RealFeatures[i % _parts.RealWidth]] += noise[i];
            }

            for (var row = 0; row < ChunkRows; row++)
            {
                foreach (var block in _layout.Blocks)
                    DrawBlock(block, chunk.AsSpan((row * width) + block.Start, block.Width), random, excluded);
            }

            chunk.AsSpan(0, Math.Min(ChunkRows, rows - first) * width).CopyTo(result.AsSpan(first * width));
        }

        return result;
    }

    private Tensor DrawCodes(CodeSource source, SeededRandom random)
    {
        if (source == CodeSource.Prior)
            return _network.DrawPrior(ChunkRows, random);
        var points = _device.Create(new Shape(ChunkRows, _network.CodeWidth), _codes.Draw(ChunkRows, random));
        return _network.ToCodes(points) ?? _network.DrawPrior(ChunkRows, random);
    }

    private static void DrawBlock(FeatureBlock block, Span<float> outputs, SeededRandom random, IReadOnlyList<bool>? excluded)
    {
        if (block.Kind == BlockKind.Binary)
        {
            foreach (ref var output in outputs)
                output = random.NextDouble() < 1 / (1 + Math.Exp(-output)) ? 1 : 0;
        }
        else if (block.Kind == BlockKind.Category)
        {
            var chosen = Choose(block, outputs, random, excluded);
            outputs.Clear();
            outputs[chosen] = 1;
        }
    }

    private static int Choose(FeatureBlock block, ReadOnlySpan<float> logits, SeededRandom random, IReadOnlyList<bool>? excluded)
    {
        var largest = double.NegativeInfinity;
        for (var i = 0; i < logits.Length; i++)
            largest = IsExcluded(i) ? largest : Math.Max(largest, logits[i]);

        var total = 0.0;
        for (var i = 0; i < logits.Length; i++)
            total += IsExcluded(i) ? 0 : Math.Exp(logits[i] - largest);

        var left = random.NextDouble() * total;
        var chosen = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            if (IsExcluded(i))
                continue;
            chosen = i;
            left -= Math.Exp(logits[i] - largest);
            if (left < 0)
                break;
        }

        return chosen;

        bool IsExcluded(int feature) => excluded is not null && excluded[block.Start + feature];
    }
}
