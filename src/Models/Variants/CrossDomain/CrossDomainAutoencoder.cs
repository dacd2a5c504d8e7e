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

namespace AEAnomaly.Models.Variants.CrossDomain;

/// <summary>Encodes two field groups into one space of codes and decodes each group from the other's code.</summary>
/// <remarks>
/// With a and b the halves of a row, z_a = f(a) and z_b = g(b) their codes, F and G the decoders, and e the weighted reconstruction error:
/// loss = e(a, F(z_b)) + e(b, G(z_a)) + own weight (e(a, F(z_a)) + e(b, G(z_b))) + matching weight |z_a - z_b|² / codes; score = e(a, F(z_b)) + e(b, G(z_a)).
/// The codes are bounded by tanh, as those of "ae".
/// </remarks>
internal sealed class CrossDomainAutoencoder : Network
{
    private readonly CrossDomainOptions _options;
    private readonly FieldGroups _groups;
    private readonly Mlp _firstEncoder;
    private readonly Mlp _secondEncoder;
    private readonly Mlp _firstDecoder;
    private readonly Mlp _secondDecoder;
    private readonly ReconstructionLoss _loss;

    public CrossDomainAutoencoder(
        CrossDomainOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        _options = options;
        _groups = new FieldGroups(layout, options.FirstBlocks);
        var (first, second, latent) = (_groups.First.Length, _groups.Second.Length, options.Latent!.Value);
        _firstEncoder = new Mlp(parameters, "first.encoder", NetworkWidths.Encoder(options, first, latent), random);
        _secondEncoder = new Mlp(parameters, "second.encoder", NetworkWidths.Encoder(options, second, latent), random);
        _firstDecoder = new Mlp(parameters, "first.decoder", NetworkWidths.Decoder(options, first, latent), random);
        _secondDecoder = new Mlp(parameters, "second.decoder", NetworkWidths.Decoder(options, second, latent), random);
        _loss = ReconstructionLoss.Create(layout, parameters, blockWeights);
    }

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var (first, second) = Encode(tape, batch.Values);
        var crossed = Decode(tape, second, first);
        var losses = _loss.PerRow(tape, crossed, batch);
        if (_options.OwnWeight > 0)
            losses = Arithmetic.Add(tape, losses, Arithmetic.Scale(tape, _loss.PerRow(tape, Decode(tape, first, second), batch), (float)_options.OwnWeight));
        if (_options.MatchingWeight > 0)
        {
            var distances = Reduction.Sum(tape, ElementWise.Apply(tape, UnaryFunction.Square, Arithmetic.Subtract(tape, first, second)), 1, 1);
            losses = Arithmetic.Add(tape, losses, Arithmetic.Scale(tape, distances, (float)_options.MatchingWeight / first.Shape[1]));
        }

        return losses;
    }

    public override Tensor Scores(Batch batch)
    {
        var (first, second) = Encode(null, batch.Values);
        return _loss.PerRow(null, Decode(null, second, first), batch);
    }

    public override FrozenModel Freeze()
    {
        // One stack of dense layers holds both networks side by side; the decoders change places, since the first code goes where the second group comes from.
        var first = DenseFreezer.Layers(_firstEncoder, _secondDecoder, Activation.Tanh);
        var second = DenseFreezer.Layers(_secondEncoder, _firstDecoder, Activation.Tanh);
        var layers = first.Zip(second, SideBySide.Join).ToArray();
        layers[0] = SideBySide.TakeInputsFrom(layers[0], [.. _groups.First, .. _groups.Second]);
        layers[^1] = SideBySide.GiveOutputsTo(layers[^1], [.. _groups.Second, .. _groups.First]);
        return FrozenDenseModel.Create(Layout, _loss.Weights.ToArray(), layers, _firstEncoder.Layers.Count - 1);
    }

    /// <summary>Computes the codes of both halves of rows, each <c>[rows, latent]</c>.</summary>
    public (Tensor First, Tensor Second) Encode(Tape? tape, Tensor values) =>
        (Code(tape, _firstEncoder, Half(values, first: true)), Code(tape, _secondEncoder, Half(values, first: false)));

    private static Tensor Code(Tape? tape, Mlp encoder, Tensor half) => ElementWise.Apply(tape, UnaryFunction.Tanh, encoder.Forward(tape, half));

    private Tensor Half(Tensor values, bool first) =>
        Columns.Concat(null, [.. _groups.Runs.Where(run => run.IsFirst == first).Select(run => Columns.Slice(null, values, run.Start, run.Width))]);

    // Both halves in their places, [rows, features].
    private Tensor Decode(Tape? tape, Tensor codeOfFirst, Tensor codeOfSecond)
    {
        var first = _firstDecoder.Forward(tape, codeOfFirst);
        var second = _secondDecoder.Forward(tape, codeOfSecond);
        return Columns.Concat(tape, [.. _groups.Runs.Select(run => Columns.Slice(tape, run.IsFirst ? first : second, run.GroupStart, run.Width))]);
    }
}
