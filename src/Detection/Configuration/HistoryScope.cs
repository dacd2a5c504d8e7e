namespace AEAnomaly.Detection.Configuration;

/// <summary>States whose records a value is compared with.</summary>
public enum HistoryScope
{
    /// <summary>Those of the record's own key.</summary>
    Key,

    /// <summary>Those of all keys.</summary>
    All,
}
