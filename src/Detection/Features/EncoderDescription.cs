using System.Text.Json;

namespace AEAnomaly.Detection.Features;

/// <summary>Describes a fitted encoder; stored as JSON in the manifest of a model version.</summary>
/// <param name="SpecHash">Hash of the feature spec it was fitted for.</param>
/// <param name="Fields">One fitted transformation for each feature field, in order, each with its kind and its parameters.</param>
public sealed record EncoderDescription(string SpecHash, IReadOnlyList<JsonElement> Fields);
