using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Variants.Flows;

namespace AEAnomaly.Models.Tests.Variants.Flows;

/// <summary>Computes the loss of the flow variants in double precision, written from the formulas; shares no code with them but the names of the weights.</summary>
internal sealed class DoubleFlow(ParameterSet parameters, FeatureLayout layout, FlowOptions options, int levels)
{
    private readonly int _hidden = options.Hidden.Count;
    private readonly double _bound = options.MaxLogScale;

    public int RealWidth { get; } = layout.Blocks.ToArray().Where(block => block.Kind == BlockKind.Real).Sum(block => block.Width);

    /// <summary>Computes -log p(x | z = mean) + KL.</summary>
    public double Loss(double[] row, bool[] missing)
    {
        var layers = new List<double[]> { row };
        for (var i = 0; i < _hidden; i++)
            layers.Add([.. Linear($"encoder.{i}", layers[^1]).Select(value => Math.Max(0, value))]);
        var (codes, loss) = (new List<double[]>(), 0.0);
        for (var level = 0; level < levels; level++)
        {
            var head = Linear($"posterior.{level}", layers[_hidden - levels + level + 1]);
            var mean = head[..(head.Length / 2)];
            codes.Add(mean);
            for (var j = 0; j < mean.Length; j++)
            {
                var logVariance = 8 * Math.Tanh(head[mean.Length + j] / 8);
                loss += 0.5 * ((mean[j] * mean[j]) + Math.Exp(logVariance) - logVariance - 1);
            }
        }

        double[] decoded = [.. codes.SelectMany(code => code)];
        for (var i = 0; i <= _hidden; i++)
        {
            decoded = Linear($"decoder.{i}", decoded);
            if (i < _hidden)
                decoded = [.. decoded.Select(value => Math.Max(0, value))];
        }

        return loss + RealLoss(row, missing, decoded, codes) + DiscreteLoss(row, missing, decoded[(2 * RealWidth)..]);
    }

    /// <summary>Maps residuals to noise.</summary>
    public (double[] Noise, double LogDeterminant) Forward(double[] residual, IReadOnlyList<double[]> codes)
    {
        var noise = residual.ToArray();
        var (width, logDeterminant) = (noise.Length, 0.0);
        for (var level = 0; level < levels; level++)
        {
            var state = noise[..width];
            for (var step = 0; step < options.Steps; step++)
            {
                var name = $"flow.{level}.{step}";
                var (bias, logScale) = (Values($"{name}.normalization.bias"), Values($"{name}.normalization.log_scale"));
                for (var j = 0; j < width; j++)
                    state[j] = (state[j] + bias[j]) * Math.Exp(logScale[j]);
                logDeterminant += logScale.Sum() + Values($"{name}.mixing.log_diagonal").Sum();
                state = Mix(name, state);
                logDeterminant += Couple(name, state, step % 2 == 1, codes[level]);
            }

            state.CopyTo(noise, 0);
            width = Math.Max(1, width / 2);
        }

        return (noise, logDeterminant);
    }

    private double RealLoss(double[] row, bool[] missing, double[] decoded, List<double[]> codes)
    {
        var (residual, present, loss, next) = (new double[RealWidth], 0, 0.0, 0);
        for (var b = 0; b < layout.BlockCount; b++)
        {
            var block = layout.Blocks[b];
            for (var j = block.Start; j < block.End && block.Kind == BlockKind.Real; j++, next++)
            {
                if (missing[b])
                    continue;
                var logDeviation = _bound * Math.Tanh(decoded[RealWidth + next] / _bound);
                residual[next] = (row[j] - decoded[next]) / Math.Exp(logDeviation);
                loss += (0.5 * Math.Log(2 * Math.PI)) + logDeviation;
                present++;
            }
        }

        if (RealWidth == 0)
            return 0;
        var (noise, logDeterminant) = Forward(residual, codes);
        return loss + (0.5 * noise.Sum(u => u * u)) - (logDeterminant * present / RealWidth);
    }

    private double DiscreteLoss(double[] row, bool[] missing, double[] logits)
    {
        var (loss, next) = (0.0, 0);
        for (var b = 0; b < layout.BlockCount; b++)
        {
            var block = layout.Blocks[b];
            if (block.Kind == BlockKind.Real)
                continue;
            var (own, target) = (logits[next..(next + block.Width)], row[block.Start..block.End]);
            next += block.Width;
            if (missing[b])
                continue;
            if (block.Kind == BlockKind.Binary)
                loss += own.Zip(target, (y, x) => Math.Log(1 + Math.Exp(y)) - (x * y)).Sum();
            else
                loss -= Math.Log(own.Zip(target, (y, x) => x * Math.Exp(y)).Sum() / own.Sum(Math.Exp));
        }

        return loss;
    }

    private double[] Mix(string name, double[] state)
    {
        var width = state.Length;
        var (lower, upper, diagonal) = (Values($"{name}.mixing.lower"), Values($"{name}.mixing.upper"), Values($"{name}.mixing.log_diagonal"));
        var (half, mixed) = (new double[width], new double[width]);
        for (var column = 0; column < width; column++)
        {
            half[column] = state[column];
            for (var row = column + 1; row < width; row++)
                half[column] += state[row] * lower[(row * width) + column];
        }

        for (var column = 0; column < width; column++)
        {
            mixed[column] = half[column] * Math.Exp(diagonal[column]);
            for (var row = 0; row < column; row++)
                mixed[column] += half[row] * upper[(row * width) + column];
        }

        return mixed;
    }

    private double Couple(string name, double[] state, bool transformsFirst, double[] code)
    {
        // The first half is width / 2 wide; a single feature is always transformed.
        var width = state.Length;
        var (start, end) = width == 1 ? (0, 1) : transformsFirst ? (0, width / 2) : (width / 2, width);
        double[] passed = [.. state[..start], .. state[end..], .. code];
        var hidden = Linear($"{name}.coupling.hidden", passed).Select(value => Math.Max(0, value)).ToArray();
        var head = Linear($"{name}.coupling.output", hidden);
        var logDeterminant = 0.0;
        for (var j = 0; j < end - start; j++)
        {
            var logScale = _bound * Math.Tanh(head[j] / _bound);
            state[start + j] = (state[start + j] * Math.Exp(logScale)) + head[end - start + j];
            logDeterminant += logScale;
        }

        return logDeterminant;
    }

    private double[] Linear(string name, double[] input)
    {
        var (weight, result) = (Values($"{name}.weight"), Values($"{name}.bias"));
        for (var i = 0; i < result.Length; i++)
        {
            for (var j = 0; j < input.Length; j++)
                result[i] += weight[(i * input.Length) + j] * input[j];
        }

        return result;
    }

    private double[] Values(string name) =>
        [.. parameters.All.Single(parameter => parameter.Name == name).Value.ToArray().Select(value => (double)value)];
}
