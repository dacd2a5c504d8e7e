using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Variants;

/// <summary>Encodes rows as Gaussians N(mu, sigma²) and decodes z = mu + sigma eps.</summary>
/// <remarks>
/// Loss of a row, the negative ELBO up to a constant: sum_b weight_b error_b / (2 noise variance) + KL weight KL(N(mu, sigma²) || N(0, 1)).
/// On unit-weight real features this is the ELBO of a Gaussian decoder with that variance; binary and category blocks enter with their likelihood tempered by the
/// same factor, so that the fields keep their balance. The score is the weighted reconstruction error at z = mu, which is deterministic.
/// </remarks>
internal sealed class VariationalAutoencoder : Network
{
    // exp(8) bounds the variance of a code: rows far outside of the data would overflow the exponential otherwise.
    private const float LargestLogVariance = 8;

    private readonly VariationalAutoencoderOptions _options;
    private readonly int _latent;
    private readonly Mlp _encoder;
    private readonly Mlp _decoder;
    private readonly ReconstructionLoss _loss;

    public VariationalAutoencoder(
        VariationalAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        _options = options;
        _latent = options.Latent!.Value;
        _encoder = new Mlp(parameters, "encoder", NetworkWidths.Encoder(options, layout.Width, 2 * _latent), random);
        _decoder = new Mlp(parameters, "decoder", NetworkWidths.Decoder(options, layout.Width, _latent), random);
        _loss = new ReconstructionLoss(layout, parameters.Create(
            "loss.block_weights",
            new Shape(layout.BlockCount),
            ParameterRole.Constant,
            weights => blockWeights.CopyTo(weights)));
    }

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var (mean, logVariance) = Encode(tape, batch.Values);
        var output = _decoder.Forward(tape, Sample(tape, mean, logVariance, context.Noise));
        var reconstruction = Arithmetic.Scale(tape, _loss.PerRow(tape, output, batch), (float)(0.5 / _options.NoiseVariance));
        var warmth = _options.KlWarmUpShare > 0 ? Math.Min(1, context.Progress / _options.KlWarmUpShare) : 1;
        var kl = Arithmetic.Scale(tape, GaussianKl.PerRow(tape, mean, logVariance), (float)(_options.KlWeight * warmth));
        return Arithmetic.Add(tape, reconstruction, kl);
    }

    /// <summary>Computes the parameters of the codes' Gaussians, each <c>[rows, latent]</c>.</summary>
    public (Tensor Mean, Tensor LogVariance) Encode(Tape? tape, Tensor values)
    {
        var head = _encoder.Forward(tape, values);
        var raw = Columns.Slice(tape, head, _latent, _latent);
        var bounded = ElementWise.Apply(tape, UnaryFunction.Tanh, Arithmetic.Scale(tape, raw, 1 / LargestLogVariance));
        return (Columns.Slice(tape, head, 0, _latent), Arithmetic.Scale(tape, bounded, LargestLogVariance));
    }

    public override Tensor Scores(Batch batch) => _loss.PerRow(null, _decoder.Forward(null, Encode(null, batch.Values).Mean), batch);

    public override FrozenModel Freeze() => DenseFreezer.Freeze(Layout, _loss, _encoder, _decoder, _latent);

    private static Tensor Sample(Tape? tape, Tensor mean, Tensor logVariance, SeededRandom? noise)
    {
        if (noise is null)
            return mean;

        var draws = mean.Device.Create(mean.Shape);
        mean.Device.FillNormal(draws, noise);
        var deviation = ElementWise.Apply(tape, UnaryFunction.Exp, Arithmetic.Scale(tape, logVariance, 0.5f));
        return Arithmetic.Add(tape, mean, Arithmetic.Multiply(tape, deviation, draws));
    }
}
