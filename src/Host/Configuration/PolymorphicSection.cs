using AEAnomaly.Models.Networks;
using AEAnomaly.Models.Variants;

namespace AEAnomaly.Host.Configuration;

/// <summary>Describes a section whose type is chosen by one of its keys.</summary>
/// <param name="BaseType">Declared type of the property.</param>
/// <param name="Key">Key that chooses.</param>
/// <param name="Choices">Possible types; the first one when the key is not given.</param>
/// <param name="Inside">The choices that such a section may hold as sections of its own; all when null.</param>
/// <param name="WhyNotInside">Why it may not hold the others, as a sentence without end.</param>
internal sealed record PolymorphicSection(
    Type BaseType, string Key, Func<IReadOnlyList<PolymorphicChoice>> Choices, Func<PolymorphicChoice, bool>? Inside = null, string WhyNotInside = "")
{
    /// <summary>Gets the <c>model</c> section: its key <c>variant</c> chooses a member of the family.</summary>
    public static PolymorphicSection Model { get; } = new(
        typeof(VariantOptions),
        "variant",
        () => [.. VariantCatalog.All.Select(v => new PolymorphicChoice(v.Name, v.OptionsType, v.Summary))],
        choice => EnsembleOptions.CanHold(choice.Type),
        "an ensemble holds no ensemble and no variant that reads windows");

    /// <summary>Lists the possible types at a place.</summary>
    /// <param name="isInside">True within another such section.</param>
    public IReadOnlyList<PolymorphicChoice> ChoicesAt(bool isInside) => isInside && Inside is not null ? [.. Choices().Where(Inside)] : Choices();
}

/// <summary>One type a polymorphic section may have.</summary>
/// <param name="Name">Value of the key.</param>
/// <param name="Type">Options class.</param>
/// <param name="Summary">One sentence.</param>
internal sealed record PolymorphicChoice(string Name, Type Type, string Summary);
