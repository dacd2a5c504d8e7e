namespace AEAnomaly.Detection.Streaming;

/// <summary>Says why a message is bad input.</summary>
/// <param name="Reason">Short stable code, snake_case, used as a metric label: "malformed", "wrong_type", "missing_field", "not_finite", "too_large", "too_deep", "invalid_utf8", "duplicate_field".</param>
/// <param name="Field">Declared field it concerns, or null.</param>
/// <param name="Message">One sentence naming the field, the position and the value found (shortened), and what was expected.</param>
public readonly record struct DecodeError(string Reason, string? Field, string Message)
{
    /// <summary>Gets what a decoder answers to a change event that says a row was deleted: nothing is wrong with it, and there is nothing to score.</summary>
    public static DecodeError Deletion { get; } = new("deleted", null, "The change event says that a row was deleted; there is nothing to score");

    /// <summary>Gets whether the message is no bad input but one to pass over.</summary>
    public bool IsDeletion => ReferenceEquals(Reason, Deletion.Reason);
}
