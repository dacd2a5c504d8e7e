using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Variants.Masked;

/// <summary>Learns to foresee hidden fields from the others and scores each field by how badly the rest of its row foresees it.</summary>
/// <remarks>
/// The network reads the row with hidden fields set to 0 and one flag a field, 1 where hidden; a missing field is a hidden one. Loss of a row:
/// sum_b hidden_b weight_b error_b / hidden share. Score: sum_b weight_b error_b with only field b hidden, one pass a field.
/// </remarks>
internal sealed class MaskedAutoencoder : Network
{
    private const ulong HeldOutSeed = 0x3A5C;

    private readonly MaskedAutoencoderOptions _options;
    private readonly Mlp _encoder;
    private readonly Mlp _decoder;
    private readonly ReconstructionLoss _loss;

    public MaskedAutoencoder(
        MaskedAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        _options = options;
        var latent = options.Latent!.Value;
        _encoder = new Mlp(parameters, "encoder", NetworkWidths.Encoder(options, layout.Width + layout.BlockCount, latent), random);
        _decoder = new Mlp(parameters, "decoder", NetworkWidths.Decoder(options, layout.Width, latent), random);
        _loss = ReconstructionLoss.Create(layout, parameters, blockWeights);
    }

    public override IReadOnlyList<FeatureAxis>? FeatureAxes => FeatureAxis.OfDense(
        [.. FeatureSlot.Values(Layout.Width), .. FeatureSlot.Flags(Layout.BlockCount)], FeatureSlot.Values(Layout.Width), _decoder.Layers.Count - 1);

    protected override bool RowsAreIndependent => true;

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        // The same fields for every measurement on held-out rows, so that measurements can be compared.
        var random = context.Noise ?? new SeededRandom(HeldOutSeed);
        var hidden = new float[batch.Rows * Layout.BlockCount];
        foreach (ref var flag in hidden.AsSpan())
            flag = random.NextDouble() < _options.HiddenShare ? 1 : 0;
        return Arithmetic.Scale(tape, HiddenErrors(tape, batch, hidden), (float)(1 / _options.HiddenShare));
    }

    public override Tensor Scores(Batch batch)
    {
        Tensor? scores = null;
        for (var block = 0; block < Layout.BlockCount; block++)
        {
            var hidden = new float[batch.Rows * Layout.BlockCount];
            for (var row = 0; row < batch.Rows; row++)
                hidden[(row * Layout.BlockCount) + block] = 1;
            var errors = HiddenErrors(null, batch, hidden);
            scores = scores is null ? errors : Arithmetic.Add(null, scores, errors);
        }

        return scores!;
    }

    public override FrozenModel Freeze() =>
        FrozenMaskedModel.Create(Layout, _loss.Weights.ToArray(), DenseFreezer.Layers(_encoder, _decoder, Activation.Relu), _encoder.Layers.Count - 1);

    /// <summary>Hides fields and measures the weighted errors of those that are hidden and not missing, <c>[rows]</c>.</summary>
    private Tensor HiddenErrors(Tape? tape, Batch batch, float[] hidden)
    {
        var (rows, blocks) = (batch.Rows, Layout.BlockCount);
        var present = batch.Present?.ToArray();
        var judged = new float[hidden.Length];
        var kept = new float[rows * Layout.Width];
        for (var row = 0; row < rows; row++)
        {
            for (var b = 0; b < blocks; b++)
            {
                var index = (row * blocks) + b;
                var missing = present is not null && present[index] == 0;
                judged[index] = missing ? 0 : hidden[index];
                hidden[index] = missing ? 1 : hidden[index];
                var block = Layout.Blocks[b];
                kept.AsSpan((row * Layout.Width) + block.Start, block.Width).Fill(1 - hidden[index]);
            }
        }

        var device = batch.Values.Device;
        var seen = Arithmetic.Multiply(tape, batch.Values, device.Create(batch.Values.Shape, kept));
        var flags = new Shape(rows, blocks);
        var code = _encoder.Forward(tape, Columns.Concat(tape, seen, device.Create(flags, hidden)), relu: true);
        return _loss.PerRow(tape, _decoder.Forward(tape, code), new Batch(batch.Values, device.Create(flags, judged)));
    }
}
