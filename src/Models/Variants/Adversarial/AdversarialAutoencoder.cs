using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Generation;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Manifolds;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Variants.Adversarial;

/// <summary>Encodes rows on a manifold of constant curvature; a discriminator that learns in turn with it holds the codes to the manifold's prior.</summary>
/// <remarks>
/// With u the encoder's output and z its projection onto the manifold, the loss of a row is: reconstruction error from z + m(u) + weight softplus(-logit(z)),
/// the logit being the discriminator's log prior(z) / q(z); and the score: reconstruction error + m(u). m(u) = (&lt;u, u&gt; - 1 / k)² / (2 s²), the negative logarithm
/// of the membership, is 0 in Euclidean space. The verdict is left out of held-out measurements: the discriminator moves between them.
/// </remarks>
internal sealed class AdversarialAutoencoder : Network, IGenerative
{
    private readonly AdversarialAutoencoderOptions _options;
    private readonly ConstantCurvatureManifold _manifold;
    private readonly float _membershipWeight;
    private readonly Mlp _encoder;
    private readonly Mlp _decoder;
    private readonly ReconstructionLoss _loss;
    private readonly Parameter[] _own;
    private readonly DensityRatio _prior;

    public AdversarialAutoencoder(
        AdversarialAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        _options = options;
        _manifold = new ConstantCurvatureManifold(options.Curvature);
        _membershipWeight = _manifold.IsCurved ? (float)(0.5 / (options.MembershipDeviation * options.MembershipDeviation)) : 0;
        var latent = options.Latent!.Value;
        _encoder = new Mlp(parameters, "encoder", NetworkWidths.Encoder(options, layout.Width, latent), random);
        _decoder = new Mlp(parameters, "decoder", NetworkWidths.Decoder(options, layout.Width, latent), random);
        _loss = ReconstructionLoss.Create(layout, parameters, blockWeights);
        _own = [.. parameters.All];
        _prior = new DensityRatio(parameters, "discriminator", latent, options.DiscriminatorWidth, random);
        Generator = new RowGenerator(layout, parameters, this);
    }

    public override RowGenerator? Generator { get; }

    int IGenerative.CodeWidth => _options.Latent!.Value;

    bool IGenerative.DrawsRealFeatures => false;

    Tensor IGenerative.DrawPrior(int rows, SeededRandom random) =>
        _manifold.DrawPrior(Parameters.Device, new Shape(rows, _options.Latent!.Value), random);

    // On the sphere a projected Gaussian is as good a family as in the plane (angular Gaussian); around the hyperboloid its first coordinate would say nothing.
    Tensor? IGenerative.ToCodes(Tensor points) => _options.Curvature < 0 ? null : _manifold.Project(null, points);

    (Tensor Codes, Tensor Outputs) IGenerative.Encode(Batch batch, SeededRandom random)
    {
        var codes = Encode(batch.Values);
        return (codes, _decoder.Forward(null, codes));
    }

    Tensor IGenerative.Decode(Tensor codes, SeededRandom random) => _decoder.Forward(null, codes);

    public override IReadOnlyList<TrainingPhase> Phases =>
    [
        new TrainingPhase("training", 1, [new TrainingObjective(_own, RowLosses), new TrainingObjective(_prior.Learned, DiscriminatorLosses, TrimsWorstRows: false)]),
    ];

    public override IReadOnlyList<FeatureAxis>? FeatureAxes =>
        FeatureAxis.OfDense(FeatureSlot.Values(Layout.Width), FeatureSlot.Values(Layout.Width), _decoder.Layers.Count - 1);

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var (losses, codes) = Judge(tape, batch);
        if (context.Noise is null)
            return losses;

        var verdict = ElementWise.Apply(tape, UnaryFunction.Softplus, Arithmetic.Scale(tape, _prior.Logarithms(tape, codes), -1));
        return Arithmetic.Add(tape, losses, Arithmetic.Scale(tape, verdict, (float)_options.AdversarialWeight));
    }

    public override Tensor Scores(Batch batch) => Judge(null, batch).Losses;

    public override FrozenModel Freeze() => FrozenManifoldModel.Create(
        Layout,
        _loss.Weights.ToArray(),
        DenseFreezer.Layers(_encoder, _decoder, Activation.Identity),
        _encoder.Layers.Count - 1,
        _manifold,
        _membershipWeight);

    /// <summary>Computes the codes of rows, on the manifold, <c>[rows, latent]</c>.</summary>
    public Tensor Encode(Tensor values) => _manifold.Project(null, _encoder.Forward(null, values));

    private (Tensor Losses, Tensor Codes) Judge(Tape? tape, Batch batch)
    {
        var points = _encoder.Forward(tape, batch.Values);
        var codes = _manifold.Project(tape, points);
        var errors = _loss.PerRow(tape, _decoder.Forward(tape, codes), batch);
        if (!_manifold.IsCurved)
            return (errors, codes);

        var beside = ElementWise.Apply(tape, UnaryFunction.Square, _manifold.Deviations(tape, points));
        return (Arithmetic.Add(tape, errors, Arithmetic.Scale(tape, beside, _membershipWeight)), codes);
    }

    private Tensor DiscriminatorLosses(Tape? tape, Batch batch, LossContext context)
    {
        var codes = Encode(batch.Values);
        return _prior.RowLosses(tape, _manifold.DrawPrior(codes.Device, codes.Shape, context.Noise ?? new SeededRandom(0)), codes);
    }
}
