namespace AEAnomaly.Models.Variants;

/// <summary>Lists the members of the autoencoder family by name.</summary>
public static class VariantCatalog
{
    /// <summary>Gets every variant, the default first.</summary>
    public static IReadOnlyList<VariantDescriptor> All => throw new NotImplementedException();

    /// <summary>Finds a variant by its name.</summary>
    /// <param name="name">Name as users write it, lower case.</param>
    /// <param name="descriptor">The variant, or null.</param>
    /// <returns>True when the name is known.</returns>
    public static bool TryGet(string name, out VariantDescriptor? descriptor) => throw new NotImplementedException();

    /// <summary>Creates the default options of a variant.</summary>
    /// <param name="name">Name as users write it.</param>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    public static VariantOptions CreateOptions(string name) => throw new NotImplementedException();

    /// <summary>Finds the variant that options belong to.</summary>
    /// <param name="options">Options of any variant.</param>
    public static VariantDescriptor Describe(VariantOptions options) => throw new NotImplementedException();
}
