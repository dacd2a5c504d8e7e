using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Scores;

namespace AEAnomaly.Models.Variants.Definition;

/// <summary>Names a member of the autoencoder family.</summary>
/// <param name="Name">Name users write: "ae", "vae".</param>
/// <param name="Summary">One sentence: what it is and when to use it.</param>
/// <param name="Reference">Paper or source.</param>
/// <param name="OptionsType">Concrete <see cref="VariantOptions"/> with the defaults in its initialisers and a public parameterless constructor.</param>
public sealed record VariantDescriptor(string Name, string Summary, string Reference, Type OptionsType)
{
    /// <summary>Gets the scores a record can be judged by, the variant's own first.</summary>
    /// <value>By default the reconstruction error alone.</value>
    public IReadOnlyList<ScoreKind> Scores { get; init; } = [ScoreKind.Reconstruction];

    /// <summary>Gets the scores a record is judged by where the options choose none.</summary>
    /// <value>By default empty: the variant's own score.</value>
    public IReadOnlyList<ScoreKind> DefaultScores { get; init; } = [];

    /// <summary>Gets whether prior and decoder define a distribution that new rows can be drawn from.</summary>
    /// <value>Default false.</value>
    public bool IsGenerative { get; init; }
}
