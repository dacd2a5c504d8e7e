using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Losses;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Sequences;

/// <summary>Squeezes windows through strided convolutions and a narrow code, and rebuilds them by transposed convolutions.</summary>
internal sealed class ConvolutionalAutoencoder : Network
{
    private const int Stride = 2;

    private readonly int _scoredRecords;
    private readonly Convolution[] _encoder;
    private readonly Linear _code;
    private readonly Linear _start;
    private readonly TransposedConvolution[] _decoder;
    private readonly SequenceLoss _loss;

    public ConvolutionalAutoencoder(
        ConvolutionalAutoencoderOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
        : base(layout, parameters)
    {
        Window = options.Window;
        _scoredRecords = Math.Min(options.ScoredRecords ?? Window, Window);
        var layers = options.Hidden.Count;
        if (layers > 30 || Window >> layers == 0)
        {
            throw new ArgumentException(
                $"{layers} convolutional layers halve a window {layers} times, which one of {Window} records does not bear. Raise the window, or give fewer widths as hidden.",
                nameof(options));
        }

        _encoder = new Convolution[layers];
        var geometry = new PatchGeometry(Window, layout.Width, options.Kernel, Stride, (options.Kernel - 1) / 2);
        for (var i = 0; i < layers; i++)
        {
            _encoder[i] = new Convolution(parameters, $"encoder.{i}", geometry, options.Hidden[i], random);
            geometry = geometry with { Length = geometry.Positions, Channels = options.Hidden[i] };
        }

        _code = new Linear(parameters, "code", geometry.SequenceWidth, options.Latent!.Value, beforeRelu: false, random);
        _start = new Linear(parameters, "start", options.Latent.Value, geometry.SequenceWidth, beforeRelu: true, random);
        _decoder = new TransposedConvolution[layers];
        for (var i = 0; i < layers; i++)
        {
            var mirrored = _encoder[layers - 1 - i];
            _decoder[i] = new TransposedConvolution(parameters, $"decoder.{i}", mirrored.Geometry, mirrored.Bias.Count, isLast: i == layers - 1, random);
        }

        _loss = new SequenceLoss(
            layout,
            parameters.Create("loss.block_weights", new Shape(layout.BlockCount), ParameterRole.Constant, weights => blockWeights.CopyTo(weights)),
            Window);
    }

    public override int Window { get; }

    public override IReadOnlyList<FeatureAxis>? FeatureAxes
    {
        get
        {
            FeatureSlot[] patch = [.. Enumerable.Range(0, _encoder[0].Geometry.Kernel).SelectMany(record => FeatureSlot.Values(Layout.Width, record))];
            return
            [
                new FeatureAxis("encoder.0.weight", 1, patch),
                new FeatureAxis($"decoder.{_decoder.Length - 1}.weight", 1, patch),
                new FeatureAxis($"decoder.{_decoder.Length - 1}.bias", 0, FeatureSlot.Values(Layout.Width)),
            ];
        }
    }

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context) => _loss.PerWindow(tape, Reconstruct(tape, batch.Values), batch, Window);

    public override Tensor Scores(Batch batch) => _loss.PerWindow(null, Reconstruct(null, batch.Values), batch, _scoredRecords);

    public override FrozenModel Freeze() => new FrozenConvolutionalModel(
        Layout,
        Window,
        _scoredRecords,
        _loss.Weights.ToArray(),
        [.. Array.ConvertAll(_encoder, layer => new FrozenConvolution(layer.Geometry, FrozenLinear.Of(layer.Weight, layer.Bias)))],
        FrozenLinear.Of(_code),
        FrozenLinear.Of(_start),
        [.. Array.ConvertAll(_decoder, layer => new FrozenConvolution(layer.Geometry, FrozenLinear.OfInputMajor(layer.Weight, layer.Bias)))]);

    private Tensor Reconstruct(Tape? tape, Tensor windows)
    {
        var values = windows;
        foreach (var layer in _encoder)
            values = layer.Forward(tape, values);

        // Bounded for the same reason as in the plain autoencoder.
        var code = ElementWise.Apply(tape, UnaryFunction.Tanh, _code.Forward(tape, values));
        values = _start.Forward(tape, code, relu: true);
        foreach (var layer in _decoder)
            values = layer.Forward(tape, values);
        return values;
    }
}
