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
using AEAnomaly.Models.Variants.Hierarchical;

namespace AEAnomaly.Models.Variants.Flows;

/// <summary>Encodes a row as one Gaussian code a level and decodes it by an invertible flow conditioned on the codes: the likelihood given the codes is exact.</summary>
/// <remarks>
/// Loss of a row, the negative ELBO in nats: -log p(x | z) + KL weight sum_l KL(q(z_l | x) || N(0, 1)). The decoder's MLP gives a mean m and a log-deviation s for each
/// real feature and logits for the others; all real features together are r = (x - m) exp(-s), u = flow(r; z), u ~ N(0, 1), so that
/// -log p(x_real | z) = sum u² / 2 + D log(2 pi) / 2 + sum s - log|det du/dr|. Binary and category blocks are independent given z and cost their cross-entropy;
/// blocks are not weighted, as a likelihood has no weights.
/// A missing block costs nothing: its r is 0 (its decoder mean stands in), its log(2 pi) / 2 + s is left out, and log|det du/dr| counts by the share of features present.
/// The score is <see cref="Surprise"/> of the same at the codes' means, without noise.
/// </remarks>
internal sealed partial class FlowNetwork : Network, IGenerative
{
    private readonly FlowOptions _options;
    private readonly Tensor _reference;

    public FlowNetwork(FlowOptions options, int levels, FeatureLayout layout, ParameterSet parameters, SeededRandom random)
        : base(layout, parameters)
    {
        _options = options;
        Parts = new LayoutParts(layout);
        Encoder = new LevelEncoder(parameters, layout.Width, [.. options.Hidden], options.Latent!.Value, levels, random);
        Decoder = new Mlp(
            parameters, "decoder", NetworkWidths.Decoder(options, (2 * Parts.RealWidth) + Parts.DiscreteWidth, options.Latent!.Value), random);
        if (Parts.RealWidth > 0)
        {
            Flow = new MultiScaleFlow(
                parameters, "flow", Parts.RealWidth, Encoder.Widths, options.Steps, options.CouplingWidth, options.MaxLogScale, random);
        }

        _reference = parameters.Create("score.reference", new Shape(1), ParameterRole.Constant, static _ => { });
        Generator = new RowGenerator(layout, parameters, this);
    }

    public override RowGenerator? Generator { get; }

    public LayoutParts Parts { get; }

    public LevelEncoder Encoder { get; }

    public Mlp Decoder { get; }

    /// <summary>Gets the flow of the real features, or null when there is none.</summary>
    public MultiScaleFlow? Flow { get; }

    /// <summary>Gets the bound of the decoder's log-deviations.</summary>
    public float MaxLogScale => (float)_options.MaxLogScale;

    /// <summary>Gets the negative log-likelihood of a likely normal row.</summary>
    public float Reference => _reference.ToArray()[0];

    public override void Initialize(Batch batch) => Evaluate(null, batch, null, initialize: true);

    public override void Calibrate(Batch heldOut) =>
        heldOut.Values.Device.Upload([Surprise.Reference(Energies(heldOut))], _reference);

    public override IReadOnlyList<FeatureAxis>? FeatureAxes =>
    [
        .. FeatureAxis.OfDense(FeatureSlot.Values(Layout.Width), Parts.DecodedSlots, Decoder.Layers.Count - 1),
        .. Encoder.Trunk.Count == 0 ? [new FeatureAxis("posterior.0.weight", 1, FeatureSlot.Values(Layout.Width))] : Array.Empty<FeatureAxis>(),
        new FeatureAxis("flow.", 0, FeatureSlot.Values(Parts.RealFeatures), IsWhole: true),
    ];

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var (likelihood, divergence) = Evaluate(tape, batch, context.Noise, initialize: false);
        var warmth = _options.KlWarmUpShare > 0 ? Math.Min(1, context.Progress / _options.KlWarmUpShare) : 1;
        return Arithmetic.Add(tape, likelihood, Arithmetic.Scale(tape, divergence, (float)warmth));
    }

    /// <summary>Scores rows along the training path; the frozen model agrees within 1e-5 of 1 + the negative log-likelihood's magnitude.</summary>
    public override Tensor Scores(Batch batch)
    {
        var scores = Energies(batch);
        var reference = Reference;
        for (var i = 0; i < scores.Length; i++)
            scores[i] = Surprise.Of(scores[i], reference);
        return batch.Values.Device.Create(new Shape(scores.Length), scores);
    }

    public override FrozenModel Freeze() => FlowFreezer.Freeze(this);

    /// <summary>Computes -log p(x | z) and the divergence of the codes, each <c>[rows]</c>, nats; without noise z is the mean.</summary>
    public (Tensor NegativeLogLikelihood, Tensor Divergence) Evaluate(Tape? tape, Batch batch, SeededRandom? noise, bool initialize)
    {
        var (codes, divergence) = Encoder.Forward(tape, batch.Values, noise);
        var code = codes[0];
        for (var level = 1; level < codes.Length; level++)
            code = Columns.Concat(tape, code, codes[level]);
        var decoded = Decoder.Forward(tape, code);
        var result = batch.Values.Device.CreateZeros(new Shape(batch.Rows));
        if (Flow is not null)
            result = Arithmetic.Add(tape, result, RealPart(tape, batch, decoded, codes, noise, initialize));
        if (Parts.Discrete is not null)
            result = Arithmetic.Add(tape, result, Parts.CrossEntropies(tape, Columns.Slice(tape, decoded, 2 * Parts.RealWidth, Parts.DiscreteWidth), batch));
        return (result, divergence);
    }

    private float[] Energies(Batch batch)
    {
        var (likelihood, divergence) = Evaluate(null, batch, null, initialize: false);
        return Arithmetic.Add(null, likelihood, divergence).ToArray();
    }

    private Tensor RealPart(Tape? tape, Batch batch, Tensor decoded, Tensor[] codes, SeededRandom? noise, bool initialize)
    {
        var target = Parts.TakeReal(batch.Values);
        if (noise is not null && _options.NoiseDeviation > 0)
        {
            var draws = target.Device.Create(target.Shape);
            target.Device.FillNormal(draws, noise);
            target.Device.AddScaled(draws, (float)_options.NoiseDeviation, target);
        }

        var present = batch.Present is { } flags ? Parts.SpreadReal(flags) : null;
        var (residuals, costs) = GaussianResiduals.Apply(tape, decoded, target, present, MaxLogScale);
        var (output, logDeterminant) = Flow!.Forward(tape, residuals, codes, initialize);
        if (present is not null)
            logDeterminant = Arithmetic.Multiply(tape, logDeterminant, Reduction.Mean(null, present, 1, 1));
        return Arithmetic.Subtract(tape, Arithmetic.Add(tape, HalfSquares.Apply(tape, output), costs), logDeterminant);
    }
}
