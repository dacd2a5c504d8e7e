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
using AEAnomaly.Models.Variants.Variational;

namespace AEAnomaly.Models.Variants.Hierarchical;

/// <summary>Encodes rows as groups of Gaussian codes: the first at the narrowest point, each further one at the next wider hidden layer of the decoder.</summary>
/// <remarks>
/// Loss of a row: sum_b weight_b error_b / (2 noise variance) + KL weight sum_g balance_g KL_g, with KL_0 against N(0, 1) and KL_g against the group's learned prior.
/// While the KL weight rises, balance_g = size_g mean KL_g / (their mean over the groups), without gradient, so that a group that carries little is
/// charged little and is not given up; afterwards it is 1 and the loss is the negative ELBO up to a constant (Vahdat and Kautz, 2020). With one group this is
/// <see cref="VariationalAutoencoder"/>, weight for weight. The score is the weighted reconstruction error at the codes' means.
/// </remarks>
internal sealed class HierarchicalVae : Network, IGenerative
{
    // exp(8) bounds the variance of a code: rows far outside of the data would overflow the exponential otherwise.
    private const float LargestLogVariance = 8;

    private readonly HierarchicalVaeOptions _options;

    public HierarchicalVae(
        HierarchicalVaeOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        var (groups, latent, hidden) = (options.Groups, options.Latent!.Value, options.Hidden.Count);
        if (groups > hidden + 1 || groups > latent)
        {
            throw new ArgumentException(
                $"Groups is {groups}; {hidden} hidden layers and a latent width of {latent} allow at most {Math.Min(hidden + 1, latent)}.", nameof(options));
        }

        _options = options;
        FirstWidth = Share(latent, groups, 0);
        Encoder = new Mlp(parameters, "encoder", NetworkWidths.Encoder(options, layout.Width, 2 * FirstWidth), random);
        Decoder = new Mlp(parameters, "decoder", NetworkWidths.Decoder(options, layout.Width, FirstWidth), random);
        Loss = new ReconstructionLoss(layout, parameters.Create(
            "loss.block_weights",
            new Shape(layout.BlockCount),
            ParameterRole.Constant,
            weights => blockWeights.CopyTo(weights)));
        var further = new LatentGroup[groups - 1];
        for (var i = 0; i < further.Length; i++)
            further[i] = new LatentGroup(parameters, i + 1, options.Hidden[hidden - 1 - i], Share(latent, groups, i + 1), random);
        Further = further;
        Generator = new RowGenerator(layout, parameters, this);
    }

    public override RowGenerator? Generator { get; }

    // The first group's; the others have learned priors of their own.
    int IGenerative.CodeWidth => FirstWidth;

    bool IGenerative.DrawsRealFeatures => false;

    Tensor IGenerative.DrawPrior(int rows, SeededRandom random) => GaussianSample.DrawStandard(Parameters.Device, new Shape(rows, FirstWidth), random);

    Tensor? IGenerative.ToCodes(Tensor points) => points;

    (Tensor Codes, Tensor Outputs) IGenerative.Encode(Batch batch, SeededRandom random)
    {
        var head = Encoder.Forward(null, batch.Values);
        var logVariance = BoundedLog.Apply(null, Columns.Slice(null, head, FirstWidth, FirstWidth), LargestLogVariance);
        var codes = GaussianSample.Draw(null, Columns.Slice(null, head, 0, FirstWidth), logVariance, random);
        return (codes, Evaluate(null, batch.Values, random).Output);
    }

    Tensor IGenerative.Decode(Tensor codes, SeededRandom random)
    {
        var state = codes;
        for (var i = 0; i < Decoder.Layers.Count; i++)
        {
            state = Decoder.Layers[i].Forward(null, state, relu: i < Decoder.Layers.Count - 1);
            if (i < Further.Count)
                state = Further[i].AddFromPrior(state, random);
        }

        return state;
    }

    /// <summary>Gets the width of the first group.</summary>
    public int FirstWidth { get; }

    public Mlp Encoder { get; }

    public Mlp Decoder { get; }

    public ReconstructionLoss Loss { get; }

    /// <summary>Gets the groups after the first; number i acts on the decoder's state after hidden layer i.</summary>
    public IReadOnlyList<LatentGroup> Further { get; }

    public override IReadOnlyList<FeatureAxis>? FeatureAxes =>
        FeatureAxis.OfDense(FeatureSlot.Values(Layout.Width), FeatureSlot.Values(Layout.Width), Decoder.Layers.Count - 1);

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        var (output, divergences) = Evaluate(tape, batch.Values, context.Noise);
        var result = Arithmetic.Scale(tape, Loss.PerRow(tape, output, batch), (float)(0.5 / _options.NoiseVariance));
        var warmth = _options.KlWarmUpShare > 0 ? Math.Min(1, context.Progress / _options.KlWarmUpShare) : 1;
        var balance = warmth < 1 ? Balance(divergences) : null;
        for (var group = 0; group < divergences.Length; group++)
        {
            var weight = _options.KlWeight * warmth * (balance?[group] ?? 1);
            result = Arithmetic.Add(tape, result, Arithmetic.Scale(tape, divergences[group], (float)weight));
        }

        return result;
    }

    /// <summary>Computes the decoder's outputs and the divergence of each group, <c>[rows]</c> each.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="values">Rows, <c>[rows, features]</c>.</param>
    /// <param name="noise">Source of the codes' noise; null takes the means.</param>
    public (Tensor Output, Tensor[] Divergences) Evaluate(Tape? tape, Tensor values, SeededRandom? noise)
    {
        var seen = new Tensor[Encoder.Layers.Count];
        var state = values;
        for (var i = 0; i < seen.Length; i++)
            seen[i] = state = Encoder.Layers[i].Forward(tape, state, relu: i < seen.Length - 1);

        var divergences = new Tensor[Further.Count + 1];
        var mean = Columns.Slice(tape, state, 0, FirstWidth);
        var logVariance = BoundedLog.Apply(tape, Columns.Slice(tape, state, FirstWidth, FirstWidth), LargestLogVariance);
        divergences[0] = GaussianKl.PerRow(tape, mean, logVariance);
        state = GaussianSample.Draw(tape, mean, logVariance, noise);
        for (var i = 0; i < Decoder.Layers.Count; i++)
        {
            state = Decoder.Layers[i].Forward(tape, state, relu: i < Decoder.Layers.Count - 1);
            if (i < Further.Count)
                (state, divergences[i + 1]) = Further[i].Forward(tape, state, seen[^(i + 2)], noise);
        }

        return (state, divergences);
    }

    public override Tensor Scores(Batch batch) => Loss.PerRow(null, Evaluate(null, batch.Values, null).Output, batch);

    public override FrozenModel Freeze() => Further.Count == 0
        ? DenseFreezer.Freeze(Layout, Loss, Encoder, Decoder, FirstWidth)
        : HierarchicalFreezer.Freeze(this);

    private static int Share(int latent, int groups, int group) => (latent / groups) + (group < latent % groups ? 1 : 0);

    private double[] Balance(Tensor[] divergences)
    {
        var charges = new double[divergences.Length];
        for (var group = 0; group < charges.Length; group++)
        {
            var width = group == 0 ? FirstWidth : Further[group - 1].Width;
            foreach (var value in divergences[group].ToArray())
                charges[group] += (double)value * width;
        }

        var total = charges.Sum();
        for (var group = 0; group < charges.Length; group++)
            charges[group] = total > 0 ? charges.Length * (charges[group] / total) : 1;
        return charges;
    }
}
