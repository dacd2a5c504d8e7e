using AEAnomaly.Models.Features;
using AEAnomaly.Models.Modules;
using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Randomness;
using AEAnomaly.Models.Tensors.Cpu;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Models.Training;

/// <summary>Tells how large a network would be, before it is trained.</summary>
public static class NetworkSize
{
    /// <summary>Counts the weights that a network would have.</summary>
    /// <param name="variant">Options of the variant; widths that are left open are derived as a fit does.</param>
    /// <param name="layout">Layout of a row.</param>
    /// <exception cref="ArgumentException">The options do not fit the layout.</exception>
    public static long CountWeights(VariantOptions variant, FeatureLayout layout)
    {
        var definition = VariantCatalog.Define(variant);
        var parameters = new ParameterSet(new CpuDevice());
        definition.CreateNetwork(definition.Resolve(variant, layout), layout, parameters, [], new SeededRandom(0));
        return parameters.ElementCount;
    }
}
