using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Variants.Flows;

namespace AEAnomaly.Models.Tests.Variants.Flows;

/// <summary>Builds flow networks whose weights are random everywhere, also where they start at zero.</summary>
internal static class FlowCase
{
    public static FlowOptions Options(int levels) => levels == 1
        ? new FlowVaeOptions { Hidden = [9, 7], Latent = 3, Steps = 3, CouplingWidth = 8 }
        : new FlowHierarchicalOptions { Hidden = [9, 7], Latent = 3, Steps = 2, CouplingWidth = 8 };

    public static FlowNetwork Network(FeatureLayout layout, int levels, ulong seed = 5)
    {
        var random = new SeededRandom(seed);
        var network = new FlowNetwork(Options(levels), levels, layout, new ParameterSet(new CpuDevice()), random);
        foreach (var parameter in network.Parameters.All)
        {
            var values = parameter.Value.ToArray();
            var spread = 0.5 / Math.Sqrt(parameter.Value.Shape[parameter.Value.Shape.Rank - 1]);
            for (var i = 0; i < values.Length; i++)
                values[i] += (float)(spread * random.NextNormal());
            parameter.Value.Device.Upload(values, parameter.Value);
        }

        return network;
    }

    public static DoubleFlow Reference(FlowNetwork network, int levels) => new(network.Parameters, network.Layout, Options(levels), levels);

    public static float[] Normals(int count, ulong seed, double scale = 1)
    {
        var random = new SeededRandom(seed);
        var values = new float[count];
        foreach (ref var value in values.AsSpan())
            value = (float)(scale * random.NextNormal());
        return values;
    }

    /// <summary>Divides a code among the levels as the network does.</summary>
    public static double[][] Codes(FlowNetwork network, float[] code)
    {
        var start = 0;
        return [.. network.Encoder.Widths.Select(width => code.AsSpan((start += width) - width, width).ToArray().Select(value => (double)value).ToArray())];
    }
}
