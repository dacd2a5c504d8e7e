namespace AEAnomaly.Detection.Records;

/// <summary>States what a feature tells of a key's records before this one.</summary>
public enum HistoryFeatureKind
{
    /// <summary>Records, decayed.</summary>
    Count,

    /// <summary>Sum of a number, decayed.</summary>
    Sum,

    /// <summary>How far a number lies from its usual value, in usual deviations.</summary>
    Usual,

    /// <summary>How rare a category is: minus the logarithm of its decayed share.</summary>
    Share,

    /// <summary>Whether the key never had the category before.</summary>
    FirstSeen,

    /// <summary>Seconds since the key's record before.</summary>
    Gap,

    /// <summary>Whether the record is older than one that came before it.</summary>
    WentBack,

    /// <summary>Kilometres from the key's place before.</summary>
    Distance,

    /// <summary>Kilometres per hour from the key's place before.</summary>
    Speed,
}
