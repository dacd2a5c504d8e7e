using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Rows;
using AEAnomaly.Models.Tensors;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Variants.Temporal;

namespace AEAnomaly.Models.Tests.Variants.Temporal;

/// <summary>Builds small temporal-difference networks whose weights are random everywhere, also where they start at zero, and windows for them.</summary>
internal static class TemporalCase
{
    public static TemporalDifferenceOptions Options(int levels) => new()
    {
        Window = 5,
        Jump = 3,
        Hidden = [6],
        Latent = 5,
        Levels = levels,
        MapWidth = 7,
        LeastDeviation = 0.2,
        DrawPairs = 3,
    };

    public static TemporalDifferenceVae Network(FeatureLayout layout, TemporalDifferenceOptions options, ulong seed = 5, double spread = 0.5)
    {
        var random = new SeededRandom(seed);
        var network = new TemporalDifferenceVae(options, layout, new ParameterSet(new CpuDevice()), random);
        foreach (var parameter in network.Parameters.All.Where(parameter => parameter.Role != ParameterRole.Constant))
        {
            var values = parameter.Value.ToArray();
            var scale = spread / Math.Sqrt(parameter.Value.Shape[parameter.Value.Shape.Rank - 1]);
            for (var i = 0; i < values.Length; i++)
                values[i] += (float)(scale * random.NextNormal());
            parameter.Value.Device.Upload(values, parameter.Value);
        }

        return network;
    }

    /// <summary>Draws standard normal numbers for each level of a state: as the network takes them, and by row.</summary>
    public static (Tensor[] Levels, double[][] Rows) Draws(Device device, TemporalDifferenceOptions options, int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var widths = LayeredGaussian.Share(options.Latent!.Value, options.Levels);
        var byRow = new double[rows][];
        for (var row = 0; row < rows; row++)
            byRow[row] = [.. Enumerable.Range(0, options.Latent.Value).Select(_ => (double)(float)random.NextNormal())];
        var (levels, start) = (new Tensor[widths.Length], 0);
        for (var level = 0; level < widths.Length; level++)
        {
            var (from, width) = (start, widths[level]);
            levels[level] = device.Create(new Shape(rows, width), [.. byRow.SelectMany(row => row[from..(from + width)]).Select(value => (float)value)]);
            start += width;
        }

        return (levels, byRow);
    }

    /// <summary>Takes one window of a set in double precision, and which blocks of its last record are missing.</summary>
    public static (double[] Values, bool[] Missing) Window(TrainingSet set, int row)
    {
        var (width, blocks) = (set.Layout.Width, set.Layout.BlockCount);
        var missing = new bool[blocks];
        for (var b = 0; b < blocks; b++)
            missing[b] = set.Missing is { } flags && flags[(set.LastRecord(row) * blocks) + b] != 0;
        return ([.. set.Values.AsSpan(set.FirstRecord(row) * width, set.Window * width).ToArray().Select(value => (double)value)], missing);
    }
}
