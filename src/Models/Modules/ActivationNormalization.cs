using AEAnomaly.Models.Autograd;
using AEAnomaly.Models.Tensors;

namespace AEAnomaly.Models.Modules;

/// <summary>Shifts and scales each feature: y = (x + b) exp(s); log|det| = sum s. Starts so that the first batch has mean 0 and variance 1 (actnorm; Kingma and Dhariwal, 2018).</summary>
internal sealed class ActivationNormalization
{
    // A feature that hardly varies in the first batch would start with a scale that later rows overflow.
    private const double SmallestDeviation = 0.05;

    /// <summary>Creates NAME.bias and NAME.log_scale, at first the identity.</summary>
    /// <param name="parameters">Set to create them in.</param>
    /// <param name="name">Name of the layer.</param>
    /// <param name="width">Number of features.</param>
    public ActivationNormalization(ParameterSet parameters, string name, int width)
    {
        Bias = parameters.Create($"{name}.bias", new Shape(width), ParameterRole.Offset, static _ => { });
        LogScale = parameters.Create($"{name}.log_scale", new Shape(width), ParameterRole.Offset, static _ => { });
    }

    public Tensor Bias { get; }

    public Tensor LogScale { get; }

    /// <summary>Sets bias and scale so that the given rows come out with mean 0 and variance 1.</summary>
    public void Initialize(Tensor input)
    {
        var (rows, width) = (input.Shape[0], input.Shape[1]);
        var values = input.ToArray();
        var (bias, logScale) = (new float[width], new float[width]);
        for (var j = 0; j < width; j++)
        {
            var (mean, squares) = (0.0, 0.0);
            for (var row = 0; row < rows; row++)
            {
                var difference = values[(row * width) + j] - mean;
                mean += difference / (row + 1);
                squares += difference * (values[(row * width) + j] - mean);
            }

            bias[j] = (float)-mean;
            logScale[j] = (float)-Math.Log(Math.Max(SmallestDeviation, Math.Sqrt(squares / rows)));
        }

        input.Device.Upload(bias, Bias);
        input.Device.Upload(logScale, LogScale);
    }

    /// <param name="tape">Tape, or null.</param>
    /// <param name="input">x, <c>[rows, width]</c>.</param>
    public Tensor Forward(Tape? tape, Tensor input) => ShiftScale.Apply(tape, input, Bias, LogScale);

    /// <summary>Computes log|det dy/dx|, the same for every row: <c>[1]</c>.</summary>
    public Tensor LogDeterminant(Tape? tape) => Reduction.Sum(tape, LogScale, 0, 0);
}
