using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Frozen;
using AEAnomaly.Models.Generation;
using AEAnomaly.Models.Kernels;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Variants.Flows;

/// <content>Draws rows: x = m + exp(s) r, r the flow's image of u ~ N(0, 1). The codes of all levels stand side by side.</content>
internal sealed partial class FlowNetwork
{
    int IGenerative.CodeWidth => _options.Latent!.Value;

    bool IGenerative.DrawsRealFeatures => true;

    Tensor IGenerative.DrawPrior(int rows, SeededRandom random) =>
        GaussianSample.DrawStandard(Parameters.Device, new Shape(rows, _options.Latent!.Value), random);

    Tensor? IGenerative.ToCodes(Tensor points) => points;

    (Tensor Codes, Tensor Outputs) IGenerative.Encode(Batch batch, SeededRandom random)
    {
        var (codes, _) = Encoder.Forward(null, batch.Values, random);
        var code = codes.Length == 1 ? codes[0] : Columns.Concat(null, codes);
        return (code, Decoder.Forward(null, code));
    }

    Tensor IGenerative.Decode(Tensor codes, SeededRandom random)
    {
        var (device, rows, width) = (Parameters.Device, codes.Shape[0], Parts.RealWidth);
        var decoded = Decoder.Forward(null, codes);
        var outputs = new float[rows * Layout.Width];
        if (Flow is not null)
        {
            var residuals = GaussianSample.DrawStandard(device, new Shape(rows, width), random).ToArray();
            var (values, inverse) = (codes.ToArray(), new FrozenFlow(Flow, Encoder.Widths, VectorWidths.Widest));
            var scratch = inverse.CreateScratch(1);
            for (var row = 0; row < rows; row++)
                inverse.Inverse(residuals.AsSpan(row * width, width), values.AsSpan(row * codes.Shape[1], codes.Shape[1]), scratch);

            var deviation = ElementWise.Apply(null, UnaryFunction.Exp, BoundedLog.Apply(null, Columns.Slice(null, decoded, width, width), MaxLogScale));
            var spread = Arithmetic.Multiply(null, deviation, device.Create(new Shape(rows, width), residuals));
            Parts.PutReal(Arithmetic.Add(null, Columns.Slice(null, decoded, 0, width), spread).ToArray(), outputs);
        }

        if (Parts.Discrete is not null)
            Parts.PutDiscrete(Columns.Slice(null, decoded, 2 * width, Parts.DiscreteWidth).ToArray(), outputs);
        return device.Create(new Shape(rows, Layout.Width), outputs);
    }
}
