namespace AEAnomaly.Models.Variants;

/// <summary>Names a member of the autoencoder family.</summary>
/// <param name="Name">Name users write: "ae", "vae".</param>
/// <param name="Summary">One sentence: what it is and when to use it.</param>
/// <param name="Reference">Paper or source.</param>
/// <param name="OptionsType">Concrete <see cref="VariantOptions"/> with the defaults in its initialisers and a public parameterless constructor.</param>
/// <param name="IsGenerative">Whether prior and decoder define a distribution that new rows can be drawn from.</param>
public sealed record VariantDescriptor(string Name, string Summary, string Reference, Type OptionsType, bool IsGenerative = false);
