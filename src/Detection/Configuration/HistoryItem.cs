using System.ComponentModel;

namespace AEAnomaly.Detection.Configuration;

/// <summary>Names one thing to remember of every key; exactly one of its kinds is given.</summary>
[ShortForm]
public sealed class HistoryItem
{
    /// <summary>Gets or sets whether the records of the key are counted, once for each half-life.</summary>
    [Description("Records of the key, decayed; one feature for each half-life.")]
    public bool Count { get; set; }

    /// <summary>Gets or sets the number that is summed, once for each half-life.</summary>
    [Description("Number whose decayed sum is a feature, one for each half-life.")]
    public string? Sum { get; set; }

    /// <summary>Gets or sets the number whose distance from what is usual is a feature.</summary>
    [Description("Number whose distance from its usual value, in usual deviations, is a feature.")]
    public string? Usual { get; set; }

    /// <summary>Gets or sets the category within which a number is compared.</summary>
    [Description("Category within which 'usual' compares.")]
    public string? Within { get; set; }

    /// <summary>Gets or sets the category whose rarity is a feature.</summary>
    [Description("Category whose rarity, minus the logarithm of its decayed share, is a feature.")]
    public string? Share { get; set; }

    /// <summary>Gets or sets whose records 'usual' and 'share' compare with.</summary>
    /// <value>Default <see cref="HistoryScope.Key"/>.</value>
    [Description("Whose records 'usual' and 'share' compare with: key, the record's own, or all.")]
    public HistoryScope Of { get; set; }

    /// <summary>Gets or sets the category of which it is a feature whether the key ever had it.</summary>
    [Description("Category of which it is a feature whether the key never had it before.")]
    public string? FirstSeen { get; set; }

    /// <summary>Gets or sets whether the time since the key's record before is a feature.</summary>
    [Description("Time since the key's record before, and whether time went backwards; two features.")]
    public bool Gap { get; set; }

    /// <summary>Gets or sets the two numbers, latitude and longitude in degrees, between which ways are measured.</summary>
    [Description("Latitude and longitude in degrees: kilometres from the key's place before, and the speed between the two; two features.")]
    public IList<string> Distance { get; set; } = [];
}
