namespace AEAnomaly.Ingest.Formats;

/// <summary>States what reading a value gave.</summary>
internal enum ValueStatus
{
    /// <summary>The value is there and finite.</summary>
    Fine,

    /// <summary>The text does not read as the declared kind.</summary>
    WrongType,

    /// <summary>NaN, an infinity, or a number beyond the range of a double.</summary>
    NotFinite,
}
