using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;

namespace AEAnomaly.Models.Training;

/// <summary>Copies what fits from one network to another of the same variant: parameters of the same name, along features by what they stand for.</summary>
internal static class WeightTransfer
{
    /// <summary>Copies the weights; what does not fit keeps its initial values.</summary>
    /// <param name="target">Network to begin.</param>
    /// <param name="source">Network to begin from, and the features they share.</param>
    public static WeightReuse Apply(Network target, InitialWeights source)
    {
        var stored = source.Model.Network.Parameters.All.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        var layers = new Dictionary<string, bool>(StringComparer.Ordinal);
        var readsFeatures = target.FeatureAxes is null && source.IsIdentity;
        foreach (var parameter in target.Parameters.All.Where(parameter => parameter.Role != ParameterRole.Constant))
        {
            var layer = parameter.Name[..parameter.Name.LastIndexOf('.')];
            var isReused = stored.TryGetValue(parameter.Name, out var old) && Copy(target, source, parameter, old);
            readsFeatures |= isReused && Axes(target).Any(axis => axis.IsOf(parameter.Name) && axis is { Axis: 1, IsWhole: false });
            layers[layer] = isReused && layers.GetValueOrDefault(layer, true);
        }

        // A first layer of another width takes nothing over, however many features match.
        var features = 0;
        foreach (var feature in readsFeatures ? source.Features : [])
            features += feature >= 0 ? 1 : 0;
        return new WeightReuse(features, target.Layout.Width, layers.Values.Count(isReused => isReused), layers.Count);
    }

    private static bool Copy(Network target, InitialWeights source, Parameter parameter, Parameter old)
    {
        var shape = parameter.Value.Shape;
        if (shape.Rank != old.Value.Shape.Rank || shape.Rank > 2)
            return false;

        var maps = new int[2][];
        maps[1] = [0];
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (Map(target, source, parameter.Name, axis, shape[axis], old.Value.Shape[axis]) is not { } map)
                return false;
            maps[axis] = map;
        }

        var (values, from) = (parameter.Value.ToArray(), old.Value.ToArray());
        var (columns, oldColumns) = (maps[1].Length, shape.Rank == 2 ? old.Value.Shape[1] : 1);
        var any = false;
        for (var row = 0; row < maps[0].Length; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                if (maps[0][row] < 0 || maps[1][column] < 0)
                    continue;
                values[(row * columns) + column] = from[(maps[0][row] * oldColumns) + maps[1][column]];
                any = true;
            }
        }

        parameter.Value.Device.Upload(values, parameter.Value);
        return any;
    }

    // For each entry along an axis the entry to copy, or -1; null where the parameter cannot be taken over.
    private static int[]? Map(Network target, InitialWeights source, string parameter, int axis, int extent, int oldExtent)
    {
        var here = Axes(target).FirstOrDefault(known => known.IsOf(parameter) && (known.Axis == axis || known.IsWhole));
        var there = Axes(source.Model.Network).FirstOrDefault(known => known.IsOf(parameter) && (known.Axis == axis || known.IsWhole));
        if (here is null || there is null || here.IsWhole)
        {
            var fits = extent == oldExtent && (here is null || (there is not null && here.Slots.Select(source.Find).SequenceEqual(there.Slots.Select(slot => (FeatureSlot?)slot))));
            return fits ? [.. Enumerable.Range(0, extent)] : null;
        }

        return [.. here.Slots.Select(slot => source.Find(slot) is { } wanted ? Array.IndexOf(there.Slots, wanted) : -1)];
    }

    private static IReadOnlyList<FeatureAxis> Axes(Network network) => network.FeatureAxes ?? [];
}
