using AEAnomaly.Models.Features;
using AEAnomaly.Models.Variants.Flows;
using AEAnomaly.Models.Variants.Plain;
using AEAnomaly.Models.Variants.Temporal;
using AEAnomaly.Models.Variants.Variational;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AEAnomaly.Models.Torch.Tests.Formulas;

/// <summary>Losses written from the papers' formulas in torch, with our weights: what our forward passes compute is what is meant.</summary>
public sealed class VariantFormulaTests
{
    // log-variances are bounded by this, as every variant's documentation says.
    private const double MaxLogVariance = 8;

    // The middle of the run is beyond every warm-up.
    private const double Warmth = 1;

    [TorchFact]
    public void RowLosses_Ae_IsTheWeightedErrorOfTheReconstruction() => FormulaCheck.Run(new AutoencoderOptions(), check =>
    {
        var code = check.Weights.Mlp("encoder", check.Values).tanh();
        return WeightedErrors(check, check.Weights.Mlp("decoder", code));
    });

    [TorchFact]
    public void RowLosses_Vae_IsTheNegativeEvidenceBound() => FormulaCheck.Run(new VariationalAutoencoderOptions { KlWeight = 0.7 }, check =>
    {
        var options = (VariationalAutoencoderOptions)check.Options;
        var (mean, deviation) = Gaussian(check.Weights.Mlp("encoder", check.Values));
        var code = mean + (deviation * check.Normals(mean.shape[0], mean.shape[1]));
        var divergence = FormulaErrors.Divergence(mean, deviation, zeros_like(mean), ones_like(mean));
        return (WeightedErrors(check, check.Weights.Mlp("decoder", code)) / (2 * options.NoiseVariance)) + (Warmth * options.KlWeight * divergence);
    });

    [TorchFact]
    public void RowLosses_FlowVae_IsTheExactDensityGivenTheCode() => FormulaCheck.Run(new FlowVaeOptions(), check =>
    {
        var (weights, options) = (check.Weights, (FlowVaeOptions)check.Options);
        var hidden = check.Values;
        for (var layer = 0; layer < options.Hidden.Count; layer++)
            hidden = functional.relu(weights.Linear($"encoder.{layer}", hidden));
        var (mean, deviation) = Gaussian(weights.Linear("posterior.0", hidden));
        var code = mean + (deviation * check.Normals(mean.shape[0], mean.shape[1]));
        var loss = Warmth * FormulaErrors.Divergence(mean, deviation, zeros_like(mean), ones_like(mean));

        var (real, discrete) = Split(check.Layout);
        var decoded = weights.Mlp("decoder", code);
        var x = check.Values.index_select(1, tensor(real));
        x = x + (options.NoiseDeviation * check.Normals(x.shape[0], x.shape[1]));
        var logDeviation = Bounded(decoded.narrow(1, real.Length, real.Length), options.MaxLogScale);
        var present = PresentReal(check);
        var residual = (x - decoded.narrow(1, 0, real.Length)) / logDeviation.exp();
        if (present is not null)
            residual = residual * present;
        var (noise, logDeterminant) = Flow(check, options, residual, code);
        if (present is not null)
            logDeterminant = logDeterminant * present.mean([1]);

        // Where a feature is missing, neither its deviation nor the constant of its Gaussian counts.
        var constants = logDeviation + (0.5 * Math.Log(2 * Math.PI));
        loss = loss + (noise.pow(2).sum(1L) / 2) + (present is null ? constants : constants * present).sum(1L) - logDeterminant;
        return loss + DiscreteErrors(check, discrete, decoded.slice(1, 2 * real.Length, decoded.shape[1], 1));
    });

    [TorchFact]
    public void RowLosses_TdVae_IsTheBoundOfGregorAndOthers() => FormulaCheck.Run(new TemporalDifferenceOptions(), check =>
    {
        var (weights, options) = (check.Weights, (TemporalDifferenceOptions)check.Options);
        var (rows, width) = (check.Values.shape[0], check.Layout.Width);
        var jump = 1 + check.Random.NextInt32(options.Jump!.Value);
        var (later, earlier) = (check.Normals(rows, options.Latent!.Value), check.Normals(rows, options.Latent.Value));
        var beliefs = Beliefs(check, options.Window, width, options.Hidden[0]);
        var (now, then) = (beliefs[^1], beliefs[^(jump + 1)]);
        var ahead = zeros(rows, options.Jump.Value, ScalarType.Float64);
        ahead.narrow(1, jump - 1, 1).fill_(1.0);

        var (nowMean, nowDeviation) = Gated(weights, "belief.0", now, options.MapWidth);
        var code = nowMean + (nowDeviation * later);
        var (pastMean, pastDeviation) = Gated(weights, "smoothing.0", cat([then, now, code, ahead], 1), options.MapWidth);
        var past = pastMean + (pastDeviation * earlier);
        var (thenMean, thenDeviation) = Gated(weights, "belief.0", then, options.MapWidth);
        var (nextMean, nextDeviation) = Gated(weights, "transition.0", cat([past, ahead], 1), options.MapWidth);

        var (real, discrete) = Split(check.Layout);
        var decoded = weights.Mlp("decoder", code);
        var last = check.Values.narrow(1, (options.Window - 1) * width, width);
        var lastPresent = check.Present?.narrow(1, (options.Window - 1) * check.Layout.BlockCount, check.Layout.BlockCount);
        var lastCheck = check with { Values = last, Present = lastPresent };
        var deviation = Bounded(decoded.narrow(1, real.Length, real.Length), -Math.Log(options.LeastDeviation)).exp();
        var reconstruction = FormulaErrors.NegativeLogDensity(last.index_select(1, tensor(real)), decoded.narrow(1, 0, real.Length), deviation, PresentReal(lastCheck));
        return reconstruction
            + DiscreteErrors(lastCheck, discrete, decoded.slice(1, 2 * real.Length, decoded.shape[1], 1))
            - FormulaErrors.NegativeLogDensity(code, nowMean, nowDeviation)
            + FormulaErrors.NegativeLogDensity(code, nextMean, nextDeviation)
            + FormulaErrors.Divergence(pastMean, pastDeviation, thenMean, thenDeviation);
    });

    private static Tensor WeightedErrors(FormulaCheck check, Tensor output) =>
        FormulaErrors.OfBlocks(check.Layout.Blocks.ToArray(), output, check.Values, check.Present).mv(check.Weights["loss.block_weights"].detach());

    private static Tensor Bounded(Tensor value, double bound) => bound * (value / bound).tanh();

    // Means in the first half of the columns, log-variances in the other.
    private static (Tensor Mean, Tensor Deviation) Gaussian(Tensor head)
    {
        var width = head.shape[1] / 2;
        return (head.narrow(1, 0, width), (0.5 * Bounded(head.narrow(1, width, width), MaxLogVariance)).exp());
    }

    private static (Tensor Mean, Tensor Deviation) Gated(CopiedWeights weights, string name, Tensor context, int units)
    {
        var both = weights.Linear($"{name}.hidden", context);
        return Gaussian(weights.Linear($"{name}.output", both.narrow(1, 0, units).tanh() * both.narrow(1, units, units).sigmoid()));
    }

    // The state after each record, from zeros, by the formula of PyTorch's GRUCell.
    private static Tensor[] Beliefs(FormulaCheck check, int window, int width, int units)
    {
        var (states, h) = (new Tensor[window], zeros(check.Values.shape[0], units, ScalarType.Float64));
        for (var t = 0; t < window; t++)
        {
            var input = check.Weights.Linear("memory.input", check.Values.narrow(1, t * width, width)).chunk(3, 1);
            var hidden = check.Weights.Linear("memory.hidden", h).chunk(3, 1);
            var (reset, update) = ((input[0] + hidden[0]).sigmoid(), (input[1] + hidden[1]).sigmoid());
            states[t] = h = ((1 - update) * (input[2] + (reset * hidden[2])).tanh()) + (update * h);
        }

        return states;
    }

    // log|det| of the mixing from the matrix itself.
    private static (Tensor Noise, Tensor LogDeterminant) Flow(FormulaCheck check, FlowVaeOptions options, Tensor x, Tensor code)
    {
        var (weights, width) = (check.Weights, (int)x.shape[1]);
        var logDeterminant = zeros(x.shape[0], ScalarType.Float64);
        for (var step = 0; step < options.Steps; step++)
        {
            var name = $"flow.0.{step}";
            var logScale = weights[$"{name}.normalization.log_scale"];
            x = (x + weights[$"{name}.normalization.bias"]) * logScale.exp();
            var lower = weights[$"{name}.mixing.lower"].tril(-1) + eye(width, dtype: ScalarType.Float64);
            var mixing = lower.mm(weights[$"{name}.mixing.upper"].triu(1) + diag(weights[$"{name}.mixing.log_diagonal"].exp()));
            x = x.mm(mixing);

            // Every other step the first part changes, given the last.
            var passed = step % 2 == 1 ? (width + 1) / 2 : width / 2;
            var changed = width - passed;
            var (seen, old) = step % 2 == 1
                ? (x.narrow(1, changed, passed), x.narrow(1, 0, changed))
                : (x.narrow(1, 0, passed), x.narrow(1, passed, changed));
            var head = weights.Linear($"{name}.coupling.output", functional.relu(weights.Linear($"{name}.coupling.hidden", cat([seen, code], 1))));
            var scale = Bounded(head.narrow(1, 0, changed), options.MaxLogScale);
            var moved = (old * scale.exp()) + head.narrow(1, changed, changed);
            x = step % 2 == 1 ? cat([moved, seen], 1) : cat([seen, moved], 1);
            logDeterminant = logDeterminant + logScale.sum() + linalg.slogdet(mixing).Item2 + scale.sum(1L);
        }

        return (x, logDeterminant);
    }

    private static (long[] Real, int[] Discrete) Split(FeatureLayout layout)
    {
        var blocks = layout.Blocks.ToArray();
        return (
            [.. blocks.Where(block => block.Kind == BlockKind.Real).SelectMany(block => Enumerable.Range(block.Start, block.Width)).Select(i => (long)i)],
            [.. blocks.Index().Where(block => block.Item.Kind != BlockKind.Real).Select(block => block.Index)]);
    }

    // A flag for each real feature from the flag of its field.
    private static Tensor? PresentReal(FormulaCheck check) => check.Present?.index_select(
        1, tensor(check.Layout.Blocks.ToArray().Index().Where(block => block.Item.Kind == BlockKind.Real).SelectMany(block => Enumerable.Repeat((long)block.Index, block.Item.Width)).ToArray()));

    // Logits of the other blocks stand side by side.
    private static Tensor DiscreteErrors(FormulaCheck check, int[] discrete, Tensor logits)
    {
        var losses = zeros(check.Values.shape[0], ScalarType.Float64);
        var start = 0;
        foreach (var index in discrete)
        {
            var block = check.Layout.Blocks[index];
            var errors = FormulaErrors.OfBlocks(
                [block with { Start = 0 }], logits.narrow(1, start, block.Width), check.Values.narrow(1, block.Start, block.Width), check.Present?.narrow(1, index, 1));
            losses = losses + errors.squeeze(1);
            start += block.Width;
        }

        return losses;
    }
}
