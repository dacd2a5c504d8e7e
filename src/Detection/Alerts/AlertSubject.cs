namespace AEAnomaly.Detection.Alerts;

/// <summary>Says whom an alert is about, in the form that may leave the process.</summary>
/// <param name="Field">Name of the key field, or null when the record has no entity.</param>
/// <param name="Shown">Entity as shown, masked unless the field is passed through plain; null without an entity.</param>
/// <param name="Masked">True when <paramref name="Shown"/> is masked.</param>
/// <param name="Pseudonym">Stands for a masked entity, the same in every alert; null otherwise.</param>
/// <param name="DedupKey">Groups alerts into episodes: detector and entity, or detector and leading fields.</param>
/// <param name="MessageKey">Key of the Kafka message.</param>
internal sealed record AlertSubject(string? Field, string? Shown, bool Masked, string? Pseudonym, string DedupKey, byte[] MessageKey)
{
    /// <summary>Gets what names the entity without a doubt: itself, or its pseudonym.</summary>
    public string? Identity => Pseudonym ?? Shown;
}
