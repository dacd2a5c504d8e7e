namespace AEAnomaly.Detection.Streaming;

/// <summary>Says why a message is bad input.</summary>
/// <param name="Reason">Short stable code, snake_case, used as a metric label: "malformed", "wrong_type", "missing_field", "not_finite", "too_large", "too_deep", "invalid_utf8", "duplicate_field".</param>
/// <param name="Field">Declared field it concerns, or null.</param>
/// <param name="Message">One sentence naming the field, the position and the value found (shortened), and what was expected.</param>
public readonly record struct DecodeError(string Reason, string? Field, string Message);
