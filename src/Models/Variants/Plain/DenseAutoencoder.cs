using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Plain;

/// <summary>Encodes and decodes rows by mirrored MLPs and scores them by the weighted reconstruction error; members of the family differ in what they learn by.</summary>
internal abstract class DenseAutoencoder : Network
{
    private readonly int _latent;
    private readonly Activation _code;
    private readonly ReconstructionLoss _loss;

    /// <param name="options">Options, every width given.</param>
    /// <param name="layout">Layout of a row.</param>
    /// <param name="parameters">Set to create the parameters in.</param>
    /// <param name="blockWeights">Weight of each block in the loss.</param>
    /// <param name="random">Source of the initial weights.</param>
    /// <param name="code">Function applied to the latent vector.</param>
    /// <param name="decoder">Widths from the latent vector to the output; null mirrors the encoder.</param>
    protected DenseAutoencoder(
        VariantOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random, Activation code, int[]? decoder = null)
        : base(layout, parameters)
    {
        _latent = options.Latent!.Value;
        _code = code;
        Encoder = new Mlp(parameters, "encoder", NetworkWidths.Encoder(options, layout.Width, _latent), random);
        Decoder = new Mlp(parameters, "decoder", decoder ?? NetworkWidths.Decoder(options, layout.Width, _latent), random);
        _loss = ReconstructionLoss.Create(layout, parameters, blockWeights);
    }

    protected Mlp Encoder { get; }

    protected Mlp Decoder { get; }

    public override IReadOnlyList<FeatureAxis>? FeatureAxes =>
        FeatureAxis.OfDense(FeatureSlot.Values(Layout.Width), FeatureSlot.Values(Layout.Width), Decoder.Layers.Count - 1);

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context) => Errors(tape, Encode(tape, batch.Values), batch);

    public override Tensor Scores(Batch batch) => Errors(null, Encode(null, batch.Values), batch);

    public override FrozenModel Freeze() => DenseFreezer.Freeze(Layout, _loss, Encoder, Decoder, _latent, _code);

    /// <summary>Computes the codes of rows, <c>[rows, latent]</c>.</summary>
    public Tensor Encode(Tape? tape, Tensor values)
    {
        var sums = Encoder.Forward(tape, values, relu: _code == Activation.Relu);
        return _code switch
        {
            Activation.Identity or Activation.Relu => sums,
            Activation.Tanh => ElementWise.Apply(tape, UnaryFunction.Tanh, sums),
            Activation.Sigmoid => ElementWise.Apply(tape, UnaryFunction.Sigmoid, sums),
            _ => throw new InvalidOperationException($"A latent vector cannot be activated by {_code}."),
        };
    }

    /// <summary>Decodes codes and measures the weighted error against the rows of a batch, <c>[rows]</c>.</summary>
    protected Tensor Errors(Tape? tape, Tensor codes, Batch batch) => OutputErrors(tape, Decoder.Forward(tape, codes), batch);

    /// <summary>Measures the weighted error of an output against the rows of a batch, <c>[rows]</c>.</summary>
    protected Tensor OutputErrors(Tape? tape, Tensor output, Batch batch) => _loss.PerRow(tape, output, batch);
}
