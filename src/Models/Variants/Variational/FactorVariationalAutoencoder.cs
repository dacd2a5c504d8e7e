using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Variational;

/// <summary>Learns by the evidence lower bound and the total correlation of the codes, estimated by a discriminator that learns in turn with it.</summary>
/// <remarks>
/// Added for the codes: KL(N(mu, sigma²) || N(0, 1)) + gamma log q(z) / prod_j q(z_j), the logarithm estimated by the logit of a discriminator of codes against codes
/// permuted column by column.
/// </remarks>
internal sealed class FactorVariationalAutoencoder : GaussianAutoencoder
{
    private readonly FactorVariationalAutoencoderOptions _options;
    private readonly Parameter[] _own;
    private readonly DensityRatio _dependence;

    public FactorVariationalAutoencoder(
        FactorVariationalAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(options, layout, parameters, blockWeights, random)
    {
        _options = options;
        _own = [.. parameters.All];
        _dependence = new DensityRatio(parameters, "discriminator", options.Latent!.Value, options.DiscriminatorWidth, random);
    }

    public override IReadOnlyList<TrainingPhase> Phases =>
    [
        new TrainingPhase("training", 1, [new TrainingObjective(_own, RowLosses), new TrainingObjective(_dependence.Learned, DiscriminatorLosses, TrimsWorstRows: false)]),
    ];

    protected override Tensor CodeLosses(Tape? tape, Tensor mean, Tensor logVariance, Tensor codes, LossContext context)
    {
        var kl = WarmKl(tape, mean, logVariance, 1, context);
        return Arithmetic.Add(tape, kl, Arithmetic.Scale(tape, _dependence.Logarithms(tape, codes), (float)_options.Gamma));
    }

    private Tensor DiscriminatorLosses(Tape? tape, Batch batch, LossContext context)
    {
        var noise = context.Noise ?? new SeededRandom(0);
        var (mean, logVariance) = Encode(null, batch.Values);
        var codes = GaussianSample.Draw(null, mean, logVariance, noise);
        return _dependence.RowLosses(tape, codes, IndependentCodes.Draw(codes, noise));
    }
}
