using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Generation;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Encodes rows as Gaussians N(mu, sigma²) and decodes z = mu + sigma eps; members of the family differ in how they hold the codes to the prior.</summary>
/// <remarks>
/// Loss of a row: sum_b weight_b error_b / (2 noise variance) + what the member adds for the codes.
/// On unit-weight real features this is the ELBO of a Gaussian decoder with that variance; binary and category blocks enter with their likelihood tempered by the
/// same factor, so that the fields keep their balance. The score is the weighted reconstruction error at z = mu, which is deterministic.
/// </remarks>
internal abstract class GaussianAutoencoder : Network, IGenerative
{
    // exp(8) bounds the variance of a code: rows far outside of the data would overflow the exponential otherwise.
    private const float LargestLogVariance = 8;

    private readonly VariationalOptions _options;
    private readonly int _latent;
    private readonly Mlp _encoder;
    private readonly Mlp _decoder;
    private readonly ReconstructionLoss _loss;

    protected GaussianAutoencoder(
        VariationalOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        _options = options;
        _latent = options.Latent!.Value;
        _encoder = new Mlp(parameters, "encoder", NetworkWidths.Encoder(options, layout.Width, 2 * _latent), random);
        _decoder = new Mlp(parameters, "decoder", NetworkWidths.Decoder(options, layout.Width, _latent), random);
        _loss = ReconstructionLoss.Create(layout, parameters, blockWeights);
        Generator = new RowGenerator(layout, parameters, this);
    }

    public override RowGenerator? Generator { get; }

    int IGenerative.CodeWidth => _latent;

    bool IGenerative.DrawsRealFeatures => false;

    Tensor IGenerative.DrawPrior(int rows, SeededRandom random) => GaussianSample.DrawStandard(Parameters.Device, new Shape(rows, _latent), random);

    Tensor? IGenerative.ToCodes(Tensor points) => points;

    (Tensor Codes, Tensor Outputs) IGenerative.Encode(Batch batch, SeededRandom random)
    {
        var (mean, logVariance) = Encode(null, batch.Values);
        var codes = GaussianSample.Draw(null, mean, logVariance, random);
        return (codes, _decoder.Forward(null, codes));
    }

    Tensor IGenerative.Decode(Tensor codes, SeededRandom random) => _decoder.Forward(null, codes);

    public override IReadOnlyList<FeatureAxis>? FeatureAxes =>
        FeatureAxis.OfDense(FeatureSlot.Values(Layout.Width), FeatureSlot.Values(Layout.Width), _decoder.Layers.Count - 1);

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var (mean, logVariance) = Encode(tape, batch.Values);
        var codes = GaussianSample.Draw(tape, mean, logVariance, context.Noise);
        var output = _decoder.Forward(tape, codes);
        var reconstruction = Arithmetic.Scale(tape, _loss.PerRow(tape, output, batch), (float)(0.5 / _options.NoiseVariance));
        return Arithmetic.Add(tape, reconstruction, CodeLosses(tape, mean, logVariance, codes, context));
    }

    /// <summary>Computes the parameters of the codes' Gaussians, each <c>[rows, latent]</c>.</summary>
    public (Tensor Mean, Tensor LogVariance) Encode(Tape? tape, Tensor values)
    {
        var head = _encoder.Forward(tape, values);
        var logVariance = BoundedLog.Apply(tape, Columns.Slice(tape, head, _latent, _latent), LargestLogVariance);
        return (Columns.Slice(tape, head, 0, _latent), logVariance);
    }

    public override Tensor Scores(Batch batch) => _loss.PerRow(null, _decoder.Forward(null, Encode(null, batch.Values).Mean), batch);

    public override FrozenModel Freeze() => DenseFreezer.Freeze(Layout, _loss, _encoder, _decoder, _latent);

    public override FrozenPosterior FreezePosterior() => new(RowMajorLayers.Take(_encoder), RowMajorLayers.Take(_decoder), LargestLogVariance);

    /// <summary>Computes what the objective adds for the codes of each row, <c>[rows]</c>.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="mean">Means, <c>[rows, latent]</c>.</param>
    /// <param name="logVariance">Logarithms of the variances, <c>[rows, latent]</c>.</param>
    /// <param name="codes">Draws that are decoded, <c>[rows, latent]</c>.</param>
    /// <param name="context">Circumstances.</param>
    protected abstract Tensor CodeLosses(Tape? tape, Tensor mean, Tensor logVariance, Tensor codes, LossContext context);

    /// <summary>Weighs the divergence from N(0, 1), which counts the more the further the warm-up is, <c>[rows]</c>.</summary>
    protected Tensor WarmKl(Tape? tape, Tensor mean, Tensor logVariance, double weight, LossContext context)
    {
        var warmth = _options.KlWarmUpShare > 0 ? Math.Min(1, context.Progress / _options.KlWarmUpShare) : 1;
        return Arithmetic.Scale(tape, GaussianKl.PerRow(tape, mean, logVariance), (float)(weight * warmth));
    }
}
