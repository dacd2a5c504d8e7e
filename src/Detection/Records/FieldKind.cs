namespace AEAnomaly.Detection.Records;

/// <summary>States what a field of a record is.</summary>
public enum FieldKind
{
    /// <summary>A number; one feature.</summary>
    Numeric,

    /// <summary>One of a limited set of texts; one-hot features, the rest as "rare".</summary>
    Categorical,

    /// <summary>True or false; one feature.</summary>
    Boolean,

    /// <summary>A moment; hour of day and day of week as sine and cosine. The first one is the record's event time.</summary>
    Timestamp,

    /// <summary>Names whose record it is (card, account, device); never a feature. The first one is the entity.</summary>
    Key,

    /// <summary>Says whether the record is an anomaly; never a feature, read only to evaluate.</summary>
    Label,

    /// <summary>Not read, unless it is passed through to alerts.</summary>
    Ignore,
}
