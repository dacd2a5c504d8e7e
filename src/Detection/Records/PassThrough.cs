namespace AEAnomaly.Detection.Records;

/// <summary>States how a field's value may appear in alerts as evidence.</summary>
public enum PassThrough
{
    /// <summary>Not at all (a feature's observed value still appears where it explains the alert).</summary>
    None,

    /// <summary>All but the last four characters replaced by asterisks.</summary>
    Masked,

    /// <summary>As it is.</summary>
    Plain,
}
