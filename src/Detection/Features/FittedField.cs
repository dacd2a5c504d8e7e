namespace AEAnomaly.Detection.Features;

/// <summary>Ties a fitted transformation to its field.</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="Field">Index into the fields of the spec.</param>
/// <param name="Transform">Fitted transformation.</param>
internal readonly record struct FittedField(string Name, int Field, FieldTransform Transform);
