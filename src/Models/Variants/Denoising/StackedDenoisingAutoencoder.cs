using System.Globalization;
using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Features;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Variants.Plain;

namespace AEAnomaly.Models.Variants.Denoising;

/// <summary>Learns layer by layer, each a denoising autoencoder of the codes below, and then as a whole.</summary>
/// <remarks>
/// Phase of layer l: its encoding layer and the decoding layer that mirrors it restore the codes of layer l - 1 from corrupted ones, everything below held fixed:
/// the row's own loss for the first layer, the mean squared error for the others; Gaussian noise is scaled by the codes' root mean square.
/// Fine-tuning: as in <see cref="DenoisingAutoencoder"/>.
/// </remarks>
internal sealed class StackedDenoisingAutoencoder(
    StackedDenoisingOptions options, FeatureLayout layout, ParameterSet parameters, float[] blockWeights, SeededRandom random)
    : DenseAutoencoder(options, layout, parameters, blockWeights, random, Activation.Relu)
{
    private readonly Corruption _corruption = new(options, layout);

    protected override bool RowsAreIndependent => true;

    public override IReadOnlyList<TrainingPhase> Phases
    {
        get
        {
            var layers = Encoder.Layers.Count;
            var phases = new List<TrainingPhase>();
            for (var layer = 0; layer < layers; layer++)
            {
                phases.Add(new TrainingPhase(
                    string.Create(CultureInfo.InvariantCulture, $"pre-training layer {layer + 1}"), options.PreTrainingShare / layers, [PreTraining(layer)]));
            }

            phases.Add(new TrainingPhase("fine-tuning", 1 - options.PreTrainingShare, [new TrainingObjective(Parameters.All, RowLosses, RowsAreIndependent)]));
            return phases;
        }
    }

    public override Tensor RowLosses(Tape? tape, Batch batch, LossContext context) =>
        Errors(tape, Encode(tape, _corruption.Apply(batch.Values, context.Noise)), batch);

    private TrainingObjective PreTraining(int layer)
    {
        var (encoding, decoding) = (Encoder.Layers[layer], Decoder.Layers[^(layer + 1)]);
        var corruption = layer == 0 ? _corruption : new Corruption(options, FeatureLayout.AllReal(encoding.Weight.Shape[1]));
        Tensor[] learned = [encoding.Weight, encoding.Bias, decoding.Weight, decoding.Bias];
        return new TrainingObjective(
            [.. Parameters.All.Where(parameter => Array.IndexOf(learned, parameter.Value) >= 0)],
            (tape, batch, context) =>
            {
                var clean = batch.Values;
                for (var below = 0; below < layer; below++)
                    clean = Encoder.Layers[below].Forward(null, clean, relu: true);

                var scale = layer == 0 ? 1 : Math.Sqrt(clean.Device.SumOfSquares(clean) / clean.Shape.Count);
                var code = encoding.Forward(tape, corruption.Apply(clean, context.Noise, scale), relu: true);
                var output = decoding.Forward(tape, code);
                return layer == 0
                    ? OutputErrors(tape, output, batch)
                    : Reduction.Mean(tape, ElementWise.Apply(tape, UnaryFunction.Square, Arithmetic.Subtract(tape, output, clean)), 1, 1);
            });
    }
}
