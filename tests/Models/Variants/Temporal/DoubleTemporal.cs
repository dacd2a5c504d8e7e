using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Variants.Temporal;

namespace AEAnomaly.Models.Tests.Variants.Temporal;

/// <summary>Computes the terms of the temporal-difference loss in double precision, written from the paper's formulas; shares no code with the network but the names of its weights.</summary>
internal sealed class DoubleTemporal(ParameterSet parameters, FeatureLayout layout, TemporalDifferenceOptions options)
{
    private readonly Dictionary<string, double[]> _values = parameters.All.ToDictionary(
        parameter => parameter.Name, parameter => parameter.Value.ToArray().Select(value => (double)value).ToArray());

    /// <summary>Gets the values of a parameter; a change acts on what is computed afterwards.</summary>
    public double[] Values(string name) => _values[name];

    private int Jump => options.Jump!.Value;

    /// <summary>Computes -log p_D(x_t2 | z_t2), log p_B(z_t2 | b_t2), log p_T(z_t2 | z_t1) and KL(q || p_B(z_t1 | b_t1)) of one draw.</summary>
    public (double Reconstruction, double Belief, double Transition, double Smoothing) Terms(
        double[] window, bool[] missing, int jump, double[] laterNoise, double[] earlierNoise)
    {
        var beliefs = Beliefs(window);
        var (now, then) = (beliefs[^1], beliefs[^(jump + 1)]);
        var (later, believedNow) = Draw("belief", now, laterNoise);
        var (earlier, smoothed) = Draw("smoothing", [.. then, .. now, .. later, .. OneHot(jump)], earlierNoise);
        var believedThen = Given("belief", then, earlier);
        var predicted = Given("transition", [.. earlier, .. OneHot(jump)], later);
        var divergence = 0.0;
        for (var j = 0; j < later.Length; j++)
        {
            var (m, v, p, w) = (smoothed.Mean[j], smoothed.Variance[j], believedThen.Mean[j], believedThen.Variance[j]);
            divergence += 0.5 * (Math.Log(w / v) + ((v + ((m - p) * (m - p))) / w) - 1);
        }

        return (Reconstruction(later, window[^layout.Width..], missing), LogDensity(later, believedNow), LogDensity(later, predicted), divergence);
    }

    /// <summary>Draws log q(z_t1 | z_t2, b_t1, b_t2) - log p_B(z_t1 | b_t1): the last two of the five terms.</summary>
    public double SmoothingTerms(double[] window, int jump, double[] laterNoise, double[] earlierNoise)
    {
        var beliefs = Beliefs(window);
        var (now, then) = (beliefs[^1], beliefs[^(jump + 1)]);
        var (later, _) = Draw("belief", now, laterNoise);
        var (earlier, smoothed) = Draw("smoothing", [.. then, .. now, .. later, .. OneHot(jump)], earlierNoise);
        return LogDensity(earlier, smoothed) - LogDensity(earlier, Given("belief", then, earlier));
    }

    /// <summary>Estimates log p(x_t2 | b_t1) without b_t2: z_t1 from the earlier belief, z_t2 from the transition, the mean likelihood of the record.</summary>
    public double LogPredictive(double[] window, bool[] missing, int jump, int draws, ulong seed)
    {
        var random = new SeededRandom(seed);
        var (then, record) = (Beliefs(window)[^(jump + 1)], window[^layout.Width..]);
        var sum = 0.0;
        for (var draw = 0; draw < draws; draw++)
        {
            var (earlier, _) = Draw("belief", then, Normals());
            var (later, _) = Draw("transition", [.. earlier, .. OneHot(jump)], Normals());
            sum += Math.Exp(-Reconstruction(later, record, missing));
        }

        return Math.Log(sum / draws);

        double[] Normals() => [.. Enumerable.Range(0, options.Latent!.Value).Select(_ => random.NextNormal())];
    }

    /// <summary>h' = (1 - z) n + z h from zeros, after each record.</summary>
    private double[][] Beliefs(double[] window)
    {
        var units = options.Hidden[0];
        var (state, beliefs) = (new double[units], new double[options.Window][]);
        for (var t = 0; t < options.Window; t++)
        {
            var x = Linear("memory.input", window[(t * layout.Width)..((t + 1) * layout.Width)]);
            var h = Linear("memory.hidden", state);
            var next = new double[units];
            for (var j = 0; j < units; j++)
            {
                var reset = Sigmoid(x[j] + h[j]);
                var update = Sigmoid(x[units + j] + h[units + j]);
                var candidate = Math.Tanh(x[(2 * units) + j] + (reset * h[(2 * units) + j]));
                next[j] = ((1 - update) * candidate) + (update * state[j]);
            }

            beliefs[t] = state = next;
        }

        return beliefs;
    }

    private (double[] Code, (double[] Mean, double[] Variance) Gaussian) Draw(string name, double[] context, double[] noise)
    {
        var (code, mean, variance) = (new List<double>(), new List<double>(), new List<double>());
        for (var level = 0; level < options.Levels; level++)
        {
            var own = Map($"{name}.{level}", [.. context, .. code]);
            for (var j = 0; j < own.Mean.Length; j++)
                code.Add(own.Mean[j] + (Math.Sqrt(own.Variance[j]) * noise[mean.Count + j]));
            mean.AddRange(own.Mean);
            variance.AddRange(own.Variance);
        }

        return ([.. code], ([.. mean], [.. variance]));
    }

    private (double[] Mean, double[] Variance) Given(string name, double[] context, double[] code)
    {
        var (mean, variance) = (new List<double>(), new List<double>());
        for (var level = 0; level < options.Levels; level++)
        {
            var own = Map($"{name}.{level}", [.. context, .. code[..mean.Count]]);
            mean.AddRange(own.Mean);
            variance.AddRange(own.Variance);
        }

        return ([.. mean], [.. variance]);
    }

    /// <summary>W3 (tanh(W1 x + b1) sigmoid(W2 x + b2)) + b3; the network bounds logarithms of variances to +-8 by a scaled tanh.</summary>
    private (double[] Mean, double[] Variance) Map(string name, double[] context)
    {
        var both = Linear($"{name}.hidden", context);
        var half = both.Length / 2;
        var head = Linear($"{name}.output", [.. Enumerable.Range(0, half).Select(j => Math.Tanh(both[j]) * Sigmoid(both[half + j]))]);
        return (head[..(head.Length / 2)], [.. head[(head.Length / 2)..].Select(raw => Math.Exp(8 * Math.Tanh(raw / 8)))]);
    }

    private double Reconstruction(double[] code, double[] record, bool[] missing)
    {
        var decoded = Linear("decoder.1", [.. Linear("decoder.0", code).Select(value => Math.Max(0, value))]);
        var realWidth = layout.Blocks.ToArray().Where(block => block.Kind == BlockKind.Real).Sum(block => block.Width);
        var (loss, real, discrete, bound) = (0.0, 0, 2 * realWidth, -Math.Log(options.LeastDeviation));
        for (var b = 0; b < layout.BlockCount; b++)
        {
            var block = layout.Blocks[b];
            var target = record[block.Start..block.End];
            var start = block.Kind == BlockKind.Real ? real : discrete;
            (real, discrete) = block.Kind == BlockKind.Real ? (real + block.Width, discrete) : (real, discrete + block.Width);
            if (missing[b])
                continue;

            var own = decoded[start..(start + block.Width)];
            if (block.Kind == BlockKind.Category)
            {
                loss -= Math.Log(own.Zip(target, (y, x) => x * Math.Exp(y)).Sum() / own.Sum(Math.Exp));
                continue;
            }

            for (var j = 0; j < block.Width; j++)
            {
                if (block.Kind == BlockKind.Binary)
                {
                    loss -= (target[j] * Math.Log(Sigmoid(own[j]))) + ((1 - target[j]) * Math.Log(1 - Sigmoid(own[j])));
                    continue;
                }

                var deviation = Math.Exp(bound * Math.Tanh(decoded[realWidth + start + j] / bound));
                loss -= Math.Log(Math.Exp(-0.5 * Math.Pow((target[j] - own[j]) / deviation, 2)) / (deviation * Math.Sqrt(2 * Math.PI)));
            }
        }

        return loss;
    }

    private double[] OneHot(int jump) => [.. Enumerable.Range(1, Jump).Select(own => own == jump ? 1.0 : 0)];

    private double[] Linear(string name, double[] input)
    {
        var (weight, result) = (_values[$"{name}.weight"], _values[$"{name}.bias"].ToArray());
        for (var i = 0; i < result.Length; i++)
        {
            for (var j = 0; j < input.Length; j++)
                result[i] += weight[(i * input.Length) + j] * input[j];
        }

        return result;
    }

    private static double LogDensity(double[] code, (double[] Mean, double[] Variance) gaussian) => Enumerable.Range(0, code.Length).Sum(
        j => -0.5 * (Math.Log(2 * Math.PI * gaussian.Variance[j]) + (Math.Pow(code[j] - gaussian.Mean[j], 2) / gaussian.Variance[j])));

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
}
