namespace AEAnomaly.Detection.Features;

/// <summary>States how a sampled value was written.</summary>
public enum SampleValueKind
{
    /// <summary>Absent, null or an empty CSV cell.</summary>
    Missing,

    /// <summary>A JSON number, or a CSV cell that reads as one.</summary>
    Number,

    /// <summary>A JSON true or false, or a CSV cell that reads so.</summary>
    Boolean,

    /// <summary>A text.</summary>
    Text,

    /// <summary>An array or another value that cannot be a field.</summary>
    Nested,
}
