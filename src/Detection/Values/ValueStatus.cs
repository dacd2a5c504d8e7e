namespace AEAnomaly.Detection.Values;

/// <summary>States what reading a value gave.</summary>
public enum ValueStatus
{
    /// <summary>The value is there and finite.</summary>
    Fine,

    /// <summary>Nothing but blanks, or a text that is declared to mean "no value".</summary>
    Missing,

    /// <summary>The text does not read as the declared kind.</summary>
    WrongType,

    /// <summary>NaN, an infinity, or a number beyond the range of a double.</summary>
    NotFinite,
}
