using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;
using AEAnomaly.Models.Variants.CrossDomain;

namespace AEAnomaly.Models.Tests.Training;

/// <summary>Gives every variant options it can be trained with on <see cref="SyntheticRows.Mixed"/> rows.</summary>
internal static class TestedVariants
{
    /// <summary>Creates the default options, and what has no default.</summary>
    public static VariantOptions Options(string variant)
    {
        var options = VariantCatalog.CreateOptions(variant);
        if (options is CrossDomainOptions crossDomain)
            crossDomain.FirstFields = ["level", "first", "kind"];
        if (options is EnsembleOptions ensemble)
            (ensemble.Hidden, ensemble.Latent) = ([24], 6);
        return options;
    }
}
