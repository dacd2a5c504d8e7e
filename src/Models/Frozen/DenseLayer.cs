namespace AEAnomaly.Models.Frozen;

/// <summary>Holds a fully connected layer as it is handed over for freezing: y = activation(x weights + bias).</summary>
/// <param name="Weights">Row-major <c>[inputs, outputs]</c>, finite.</param>
/// <param name="Bias"><c>[outputs]</c>, finite.</param>
/// <param name="Activation">Function applied to the sums.</param>
internal sealed record DenseLayer(float[] Weights, float[] Bias, Activation Activation)
{
    /// <summary>Gets the number of inputs.</summary>
    public int Inputs => Weights.Length / Bias.Length;

    /// <summary>Gets the number of outputs.</summary>
    public int Outputs => Bias.Length;

    /// <summary>Creates a layer from weights stored by output.</summary>
    /// <param name="weights">Row-major <c>[outputs, inputs]</c>.</param>
    /// <param name="bias"><c>[outputs]</c>.</param>
    /// <param name="activation">Function applied to the sums.</param>
    public static DenseLayer FromOutputMajor(ReadOnlySpan<float> weights, ReadOnlySpan<float> bias, Activation activation)
    {
        var outputs = bias.Length;
        if (outputs == 0 || weights.Length % outputs != 0)
            throw new ArgumentException($"{weights.Length} weights do not divide into {outputs} outputs.", nameof(weights));

        var inputs = weights.Length / outputs;
        var inputMajor = new float[weights.Length];
        for (var output = 0; output < outputs; output++)
        {
            for (var input = 0; input < inputs; input++)
                inputMajor[(input * outputs) + output] = weights[(output * inputs) + input];
        }

        return new DenseLayer(inputMajor, bias.ToArray(), activation);
    }
}
