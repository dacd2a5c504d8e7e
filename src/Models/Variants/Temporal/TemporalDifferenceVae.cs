using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Temporal;

/// <summary>Predicts the last record of a window from a belief formed some records earlier (Gregor et al., 2019).</summary>
/// <remarks>
/// b_t = GRU(b_t-1, x_t). With t2 the last record and t1 = t2 - jump, z_t2 ~ p_B(. | b_t2) and z_t1 ~ q(. | z_t2, b_t1, b_t2), the loss is
/// -log p_D(x_t2 | z_t2) + log p_B(z_t2 | b_t2) - log p_T(z_t2 | z_t1, jump) + log q(z_t1 | z_t2, b_t1, b_t2) - log p_B(z_t1 | b_t1),
/// the last two as a divergence in closed form. Its mean over the draws bounds -log p(x_t2 | b_t1) from above. Training draws the jump of each step.
/// The score is <see cref="Surprise"/> of the loss averaged over all jumps and over fixed draws.
/// </remarks>
internal sealed class TemporalDifferenceVae : Network
{
    private readonly TemporalDifferenceOptions _options;
    private readonly int[] _widths;
    private readonly Tensor _reference;

    public TemporalDifferenceVae(TemporalDifferenceOptions options, FeatureLayout layout, ParameterSet parameters, SeededRandom random)
        : base(layout, parameters)
    {
        var (jump, latent) = (options.Jump!.Value, options.Latent!.Value);
        if (options.Hidden.Count != 1)
            throw new ArgumentException($"The temporal-difference autoencoder has one hidden width, that of its belief; found {options.Hidden.Count} in hidden.", nameof(options));
        if (jump >= options.Window)
            throw new ArgumentException($"Jump is {jump}; a window of {options.Window} records allows at most {options.Window - 1}. Lower the jump, or raise the window.", nameof(options));
        if (options.Levels > latent)
            throw new ArgumentException($"Levels is {options.Levels}; a latent width of {latent} allows at most {latent}.", nameof(options));

        _options = options;
        Window = options.Window;
        Jump = jump;
        _widths = LayeredGaussian.Share(latent, options.Levels);
        var (units, map) = (options.Hidden[0], options.MapWidth);
        Likelihood = new MixedLikelihood(layout, (float)-Math.Log(options.LeastDeviation));
        Memory = new GruCell(parameters, "memory", layout.Width, units, random);
        Belief = new LayeredGaussian(parameters, "belief", units, _widths, map, random);
        Smoothing = new LayeredGaussian(parameters, "smoothing", (2 * units) + latent + jump, _widths, map, random);
        Transition = new LayeredGaussian(parameters, "transition", latent + jump, _widths, map, random);
        Decoder = new Mlp(parameters, "decoder", [latent, map, Likelihood.OutputWidth], random);
        Draws = new SignDraws(parameters, "score.signs", options.DrawPairs, 2, _widths);
        _reference = parameters.Create("score.reference", new Shape(1), ParameterRole.Constant, static _ => { });
    }

    public override int Window { get; }

    /// <summary>Gets the longest jump.</summary>
    public int Jump { get; }

    public MixedLikelihood Likelihood { get; }

    /// <summary>Gets the recurrent unit whose state is the belief.</summary>
    public GruCell Memory { get; }

    public LayeredGaussian Belief { get; }

    /// <summary>Gets q(z_t1 | b_t1, b_t2, z_t2, jump).</summary>
    public LayeredGaussian Smoothing { get; }

    /// <summary>Gets p_T(z_t2 | z_t1, jump).</summary>
    public LayeredGaussian Transition { get; }

    public Mlp Decoder { get; }

    /// <summary>Gets the fixed draws of the score: those of z_t2, then those of z_t1.</summary>
    public SignDraws Draws { get; }

    /// <summary>Gets the negative bound of a likely normal window.</summary>
    public float Reference => _reference.ToArray()[0];

    public override IReadOnlyList<FeatureAxis>? FeatureAxes =>
    [
        new FeatureAxis("memory.input.weight", 1, FeatureSlot.Values(Layout.Width)),
        new FeatureAxis("decoder.1.weight", 0, Likelihood.Parts.DecodedSlots),
        new FeatureAxis("decoder.1.bias", 0, Likelihood.Parts.DecodedSlots),
    ];

    public override void Calibrate(Batch heldOut) =>
        heldOut.Values.Device.Upload([Surprise.Reference(Energies(heldOut, Draws.Count).ToArray())], _reference);

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context)
    {
        if (context.Noise is not { } noise)
            return Energies(batch, 2);

        var warmth = _options.KlWarmUpShare > 0 ? Math.Min(1, context.Progress / _options.KlWarmUpShare) : 1;
        var jump = 1 + noise.NextInt32(Jump);
        return Terms(tape, batch, jump, Normals(batch, noise), Normals(batch, noise)).Sum(tape, (float)warmth);
    }

    /// <summary>Scores rows along the training path; the frozen model agrees within 1e-5 of 1 + the negative bound's magnitude.</summary>
    public override Tensor Scores(Batch batch)
    {
        var (scores, reference) = (Energies(batch, Draws.Count).ToArray(), Reference);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = Surprise.Of(scores[i], reference);
        return batch.Values.Device.Create(new Shape(scores.Length), scores);
    }

    public override FrozenModel Freeze() => TemporalDifferenceFreezer.Freeze(this);

    /// <summary>Computes the terms of the loss for one draw of both states.</summary>
    /// <param name="tape">Tape, or null.</param>
    /// <param name="batch">Windows.</param>
    /// <param name="jump">Records from t1 to t2, 1 to <see cref="Jump"/>.</param>
    /// <param name="later">Standard normal draws of each level of z_t2, <c>[rows, width]</c> or one for all rows.</param>
    /// <param name="earlier">The same for z_t1.</param>
    public TemporalTerms Terms(Tape? tape, Batch batch, int jump, Tensor[] later, Tensor[] earlier)
    {
        var beliefs = Memory.Read(tape, batch.Values, Window);
        var (code, reconstruction, belief) = Now(tape, batch, beliefs, later);
        var (transition, smoothing) = Past(tape, beliefs, jump, code, earlier);
        return new TemporalTerms(reconstruction, belief, transition, smoothing);
    }

    /// <summary>Decodes the most likely record some records after a belief: what the window's last record was expected to be before it and its neighbours were seen.</summary>
    /// <param name="batch">Windows; the last <paramref name="jump"/> records do not count.</param>
    /// <param name="jump">Records ahead, 1 to <see cref="Jump"/>.</param>
    /// <returns>As <see cref="MixedLikelihood.OutputWidth"/> says.</returns>
    public Tensor Predict(Batch batch, int jump)
    {
        var (earlier, _) = Belief.Draw(null, Memory.Read(null, batch.Values, Window)[^(jump + 1)], null);
        var (later, _) = Transition.Draw(null, Columns.Concat(null, [.. earlier, JumpCode(batch.Values, jump)]), null);
        return Decode(null, later);
    }

    /// <summary>Averages the negative bound over all jumps and the first fixed draws, nats, <c>[rows]</c>.</summary>
    /// <param name="batch">Windows.</param>
    /// <param name="draws">Draws to average over, even, at most those of <see cref="Draws"/>.</param>
    public Tensor Energies(Batch batch, int draws)
    {
        var beliefs = Memory.Read(null, batch.Values, Window);
        var result = batch.Values.Device.CreateZeros(new Shape(batch.Rows));
        for (var draw = 0; draw < draws; draw++)
        {
            var (code, reconstruction, belief) = Now(null, batch, beliefs, Draws.Take(draw, 0));
            var earlier = Draws.Take(draw, 1);
            for (var jump = 1; jump <= Jump; jump++)
            {
                var (transition, smoothing) = Past(null, beliefs, jump, code, earlier);
                var energy = new TemporalTerms(reconstruction, belief, transition, smoothing).Sum(null);
                energy.Device.AddScaled(energy, 1f / (draws * Jump), result);
            }
        }

        return result;
    }

    /// <summary>Draws z_t2 and computes -log p_D(x_t2 | z_t2) and log p_B(z_t2 | b_t2).</summary>
    private (Tensor[] Code, Tensor Reconstruction, Tensor Belief) Now(Tape? tape, Batch batch, Tensor[] beliefs, Tensor[] draws)
    {
        var (code, gaussians) = Belief.Draw(tape, beliefs[^1], draws);
        return (code, Likelihood.PerRow(tape, Decode(tape, code), Last(batch)), LogDensity(tape, code, gaussians));
    }

    /// <summary>Draws z_t1 and computes log p_T(z_t2 | z_t1) and KL(q(z_t1) || p_B(z_t1 | b_t1)).</summary>
    private (Tensor Transition, Tensor Smoothing) Past(Tape? tape, Tensor[] beliefs, int jump, Tensor[] code, Tensor[] draws)
    {
        var (now, then) = (beliefs[^1], beliefs[^(jump + 1)]);
        var jumpCode = JumpCode(now, jump);
        var (earlier, smoothed) = Smoothing.Draw(tape, Columns.Concat(tape, [then, now, .. code, jumpCode]), draws);
        var believed = Belief.Given(tape, then, earlier);
        var divergence = GaussianKl.Between(tape, smoothed[0], believed[0]);
        for (var level = 1; level < smoothed.Length; level++)
            divergence = Arithmetic.Add(tape, divergence, GaussianKl.Between(tape, smoothed[level], believed[level]));
        var predicted = Transition.Given(tape, Columns.Concat(tape, [.. earlier, jumpCode]), code);
        return (LogDensity(tape, code, predicted), divergence);
    }

    private static Tensor LogDensity(Tape? tape, Tensor[] code, DiagonalGaussian[] gaussians)
    {
        var sum = GaussianLogDensity.PerRow(tape, code[0], gaussians[0]);
        for (var level = 1; level < code.Length; level++)
            sum = Arithmetic.Add(tape, sum, GaussianLogDensity.PerRow(tape, code[level], gaussians[level]));
        return sum;
    }

    private Tensor Decode(Tape? tape, Tensor[] code) => Decoder.Forward(tape, code.Length == 1 ? code[0] : Columns.Concat(tape, code.AsSpan()));

    private Batch Last(Batch batch) => new(
        Columns.Slice(null, batch.Values, (Window - 1) * Layout.Width, Layout.Width),
        batch.Present is { } present ? Columns.Slice(null, present, (Window - 1) * Layout.BlockCount, Layout.BlockCount) : null);

    private Tensor JumpCode(Tensor like, int jump)
    {
        var values = new float[like.Shape[0] * Jump];
        for (var row = 0; row < like.Shape[0]; row++)
            values[(row * Jump) + jump - 1] = 1;
        return like.Device.Create(new Shape(like.Shape[0], Jump), values);
    }

    private Tensor[] Normals(Batch batch, SeededRandom noise) => Array.ConvertAll(_widths, width =>
    {
        var draws = batch.Values.Device.Create(new Shape(batch.Rows, width));
        draws.Device.FillNormal(draws, noise);
        return draws;
    });
}
