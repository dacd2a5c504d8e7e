namespace AEAnomaly.Models.Frozen;

/// <summary>Arranges two networks as one stack of dense layers: what they do not share is weights of 0.</summary>
internal static class SideBySide
{
    /// <summary>Joins two layers: the inputs and outputs of the first, then those of the second.</summary>
    public static DenseLayer Join(DenseLayer first, DenseLayer second)
    {
        if (first.Activation != second.Activation)
            throw new ArgumentException($"Layers side by side need one activation; found {first.Activation} and {second.Activation}.", nameof(second));

        var outputs = first.Outputs + second.Outputs;
        var weights = new float[(first.Inputs + second.Inputs) * outputs];
        for (var input = 0; input < first.Inputs; input++)
            first.Weights.AsSpan(input * first.Outputs, first.Outputs).CopyTo(weights.AsSpan(input * outputs));
        for (var input = 0; input < second.Inputs; input++)
            second.Weights.AsSpan(input * second.Outputs, second.Outputs).CopyTo(weights.AsSpan(((first.Inputs + input) * outputs) + first.Outputs));
        return new DenseLayer(weights, [.. first.Bias, .. second.Bias], first.Activation);
    }

    /// <summary>Reorders inputs: what was input i is input <paramref name="places"/>[i].</summary>
    public static DenseLayer TakeInputsFrom(DenseLayer layer, ReadOnlySpan<int> places)
    {
        var weights = new float[layer.Weights.Length];
        for (var input = 0; input < places.Length; input++)
            layer.Weights.AsSpan(input * layer.Outputs, layer.Outputs).CopyTo(weights.AsSpan(places[input] * layer.Outputs));
        return layer with { Weights = weights };
    }

    /// <summary>Reorders outputs: what was output i is output <paramref name="places"/>[i].</summary>
    public static DenseLayer GiveOutputsTo(DenseLayer layer, ReadOnlySpan<int> places)
    {
        var (weights, bias) = (new float[layer.Weights.Length], new float[layer.Bias.Length]);
        for (var output = 0; output < places.Length; output++)
        {
            bias[places[output]] = layer.Bias[output];
            for (var input = 0; input < layer.Inputs; input++)
                weights[(input * layer.Outputs) + places[output]] = layer.Weights[(input * layer.Outputs) + output];
        }

        return layer with { Weights = weights, Bias = bias };
    }
}
