using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Tests.References;

/// <summary>Computes a stack of affine layers with ReLU between them in double precision, from a network's stored weights.</summary>
internal static class DoubleMlp
{
    public static double[] Forward(Network network, string name, double[] input)
    {
        var values = network.Parameters.All.ToDictionary(parameter => parameter.Name, parameter => parameter.Value);
        var x = input;
        for (var layer = 0; values.TryGetValue($"{name}.{layer}.weight", out var weight); layer++)
        {
            var (w, b) = (weight.ToArray(), values[$"{name}.{layer}.bias"].ToArray());
            var y = new double[b.Length];
            for (var j = 0; j < y.Length; j++)
            {
                y[j] = b[j];
                for (var i = 0; i < x.Length; i++)
                    y[j] += w[(j * x.Length) + i] * x[i];
            }

            var isLast = !values.ContainsKey($"{name}.{layer + 1}.weight");
            x = isLast ? y : [.. y.Select(value => Math.Max(value, 0))];
        }

        return x;
    }
}
