using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Sequences;

/// <summary>Reads windows by a gated recurrent unit into a narrow code, and writes them from the code by another one, last record first.</summary>
/// <remarks>
/// Every step of the decoder is given the code (Cho et al., 2014) and not the record before: fed with what was observed, a decoder follows an anomaly closely.
/// Last record first, since what the encoder read last is the easiest to begin with (Malhotra et al., 2016).
/// </remarks>
internal sealed class RecurrentAutoencoder : Network
{
    private readonly int _scoredRecords;
    private readonly GruCell _encoder;
    private readonly Linear _code;
    private readonly Linear _start;
    private readonly GruCell _decoder;
    private readonly Linear _output;
    private readonly SequenceLoss _loss;

    public RecurrentAutoencoder(
        RecurrentAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        if (options.Hidden.Count != 1)
            throw new ArgumentException($"The recurrent autoencoder has one hidden width, that of its state; found {options.Hidden.Count} in hidden.", nameof(options));

        Window = options.Window;
        _scoredRecords = Math.Min(options.ScoredRecords ?? Window, Window);
        var (units, latent) = (options.Hidden[0], options.Latent!.Value);
        _encoder = new GruCell(parameters, "encoder", layout.Width, units, random);
        _code = new Linear(parameters, "code", units, latent, beforeRelu: false, random);
        _start = new Linear(parameters, "start", latent, units, beforeRelu: false, random);
        _decoder = new GruCell(parameters, "decoder", latent, units, random);
        _output = new Linear(parameters, "output", units, layout.Width, beforeRelu: false, random);
        _loss = new SequenceLoss(
            layout,
            parameters.Create("loss.block_weights", new Shape(layout.BlockCount), ParameterRole.Constant, weights => blockWeights.CopyTo(weights)),
            Window);
    }

    public override int Window { get; }

    public override IReadOnlyList<FeatureAxis>? FeatureAxes =>
    [
        new FeatureAxis("encoder.input.weight", 1, FeatureSlot.Values(Layout.Width)),
        new FeatureAxis("output.weight", 0, FeatureSlot.Values(Layout.Width)),
        new FeatureAxis("output.bias", 0, FeatureSlot.Values(Layout.Width)),
    ];

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context) => _loss.PerWindow(tape, Reconstruct(tape, batch.Values), batch, Window);

    public override Tensor Scores(Batch batch) => _loss.PerWindow(null, Reconstruct(null, batch.Values), batch, _scoredRecords);

    public override FrozenModel Freeze() => new FrozenRecurrentModel(
        Layout,
        Window,
        _scoredRecords,
        _loss.Weights.ToArray(),
        FrozenGru.Of(_encoder),
        FrozenLinear.Of(_code),
        FrozenLinear.Of(_start),
        FrozenGru.Of(_decoder),
        FrozenLinear.Of(_output));

    private Tensor Reconstruct(Tape? tape, Tensor windows)
    {
        var rows = windows.Shape[0];
        var hidden = _encoder.Read(tape, windows, Window)[^1];
        var code = ElementWise.Apply(tape, UnaryFunction.Tanh, _code.Forward(tape, hidden));
        hidden = ElementWise.Apply(tape, UnaryFunction.Tanh, _start.Forward(tape, code));
        var codeGates = _decoder.Input.Forward(tape, code);
        var states = new Tensor[Window];
        for (var t = Window - 1; t >= 0; t--)
            states[t] = hidden = _decoder.Step(tape, codeGates, hidden);

        var all = Reshape.Apply(tape, Columns.Concat(tape, states), new Shape(rows * Window, _decoder.Units));
        return Reshape.Apply(tape, _output.Forward(tape, all), windows.Shape);
    }
}
